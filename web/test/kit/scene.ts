// A morning by the lake: people, talks and pictures enough to see how the page looks.
import { connect, type Im } from 'hongyan-im';
import sharp from 'sharp';
import type { Stage } from './stage.ts';

const bird = (x: number, y: number, size: number): string =>
  `<path d="M${x - 9 * size} ${y}q${6 * size} ${-2 * size} ${9 * size} ${4 * size}q${3 * size} ${-6 * size} ${9 * size} ${-4 * size}"/>`;

/** Geese over a lake at dusk. */
export function lake(): Promise<Buffer> {
  const flock = [0, 1, 2, 3, 4].flatMap((step) => [
    bird(640 - step * 52, 190 + step * 34, 1.5 - step * 0.12),
    bird(640 + step * 56, 190 + step * 26, 1.5 - step * 0.12),
  ]);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="900">
    <defs><linearGradient id="sky" x2="0" y2="1"><stop offset="0" stop-color="#28505c"/><stop offset=".55" stop-color="#d79a6b"/>
    <stop offset=".68" stop-color="#f3d3a1"/></linearGradient><linearGradient id="water" x2="0" y2="1"><stop offset="0" stop-color="#c08a66"/>
    <stop offset="1" stop-color="#1d3d47"/></linearGradient></defs><rect width="1200" height="620" fill="url(#sky)"/>
    <circle cx="820" cy="540" r="66" fill="#fbe6bd"/><path d="M0 620V520q160-90 330-20t300-10 260 20 310-30v140z" fill="#27444c"/>
    <rect y="620" width="1200" height="280" fill="url(#water)"/><path d="M760 640h130M730 680h190M780 720h90" stroke="#f3d3a1" stroke-width="6" opacity=".6"/>
    <g fill="none" stroke="#14262c" stroke-width="5" stroke-linecap="round">${flock.join('')}</g></svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 82 }).toBuffer();
}

export type Scene = { people: Record<'mei' | 'tom' | 'lin', Im>; group: string; close(): void };

/** `ann`: id of who looks at it. */
export async function setScene(stage: Stage, ann: string): Promise<Scene> {
  const { base } = stage.server;
  const { appId, key } = (await (await fetch(`${base}/demo.json`)).json()) as { appId: string; key: string };
  const join = async (user: string): Promise<Im> => {
    const im = connect({ server: base, appId, key, user, notifyAll: true, WebSocket });
    await im.ready;
    return im;
  };
  const [mei, tom, lin] = await Promise.all([join('n--5bCP5qKF'), join('Tom'), join('n--5p6X5rO9')]);
  for (const friend of [mei, tom, lin]) await friend.friends.add(ann);
  const room = await tom.rooms.create({ name: 'Lake side', members: ['Tom', ann] });
  await tom.room(room).send('Who has the long lens today?').done;
  await lin.friend(ann).send('明天早上六点，湖边见？').done;
  await lin.friend(ann).send('带上热茶 🍵').done;
  await tom.friend(ann).send('The talk is at https://example.com/geese').done;
  const group = await mei.groups.create({ name: 'South by wing', members: [mei.id, 'Tom', lin.id, ann] });
  await mei.group(group).send('They came over at dusk, just as you said.').done;
  await mei.group(group).send({ image: new File([new Uint8Array(await lake())], 'lake.jpg', { type: 'image/jpeg' }) })
    .done;
  return {
    people: { mei, tom, lin },
    group,
    close() {
      for (const im of [mei, tom, lin]) im.close();
    },
  };
}
