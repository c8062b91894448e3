// What a message contains never runs, whatever it says it is.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { connect, type What } from 'hongyan-im';
import { bubble, openStage, openTalk, type Person, row, type Stage, say } from './kit/stage.ts';

const scripts = [
  '<script>window.hit = 1</script>',
  '<img src=x onerror="window.hit=1">',
  '<svg onload=window.hit=1><a xlink:href="javascript:window.hit=1">x</a></svg>',
  'javascript:window.hit=1',
  'https://example.com/"onmouseover="window.hit=1',
  "https://x'onclick='window.hit=1",
  'data:text/html,<script>parent.hit=1</script>',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what others would fill in
  '${window.hit=1} {{constructor.constructor("window.hit=1")()}}',
  '{"__html":"<img src=x onerror=window.hit=1>","dangerouslySetInnerHTML":{"__html":"<b>x</b>"}}',
  '\u202e\u0000https://example.com\u2028',
];

const hostileUrls = [
  'javascript:window.hit=1',
  'data:text/html,<script>window.hit=1</script>',
  'https://evil.example/pixel.png',
  'http://user:pass@evil.example/uploads/x.png',
  'blob:http://127.0.0.1/x',
  '//evil.example/x.png',
  '',
];

const forged = (file: unknown): What => ({
  media: 0,
  body: 'javascript:window.hit=1',
  remark: JSON.stringify({ file }),
});

const messages: What[] = [
  ...scripts,
  ...hostileUrls.filter(Boolean).flatMap((body): What[] => [
    { media: 1, body, remark: body },
    { media: 2, body },
    { media: 3, body },
  ]),
  { media: 9, body: '<b onclick="window.hit=1">nine</b>' },
  forged({ name: '<img src=x onerror=window.hit=1>', type: 'text/html', size: 1e308 }),
  forged({ name: { constructor: null, type: 'script', props: {} }, size: 'x' }),
  forged(null),
  forged([1, 2]),
  { media: 0, body: 'x', remark: '{"file":' },
];

describe('hostile messages', () => {
  let stage: Stage;
  let ann: Person;
  const asked: string[] = [];

  before(async () => {
    stage = await openStage();
    ann = await stage.person('Ann');
    ann.page.on('request', (request) => asked.push(request.url()));
    ann.page.on('dialog', (dialog) => dialog.dismiss());
  });
  after(() => stage?.close());

  it('neither run nor load anything, nor break the page', async () => {
    const { appId, key } = (await (await fetch(`${stage.server.base}/demo.json`)).json()) as {
      appId: string;
      key: string;
    };
    const mallory = connect({ server: stage.server.base, appId, key, user: 'mallory', WebSocket });
    await mallory.ready;
    const group = await mallory.groups.create({ name: scripts[1] as string, members: ['mallory', 'Ann'] });
    for (const what of messages) await mallory.stranger('Ann').send(what).done;
    await mallory.group(group).send(scripts[1] as string).done;
    await mallory.system.toUser('Ann', { content: { media: 0, body: scripts[1] as string } });
    mallory.close();

    await openTalk(ann.page, 'mallory');
    await bubble(ann.page, 'nine').waitFor();
    assert.equal(await ann.page.locator('.row').count(), messages.length);
    for (const link of await ann.page.locator('.row a').all()) {
      assert.match((await link.getAttribute('href')) ?? '', /^https?:\/\//);
    }
    assert.equal(await ann.page.locator('.row').locator('img, audio, video, iframe, script, object, embed').count(), 0);
    await row(ann.page, scripts[1] as string).click();
    await ann.page.getByRole('button', { name: 'System messages' }).click();
    await ann.page.locator('.notices', { hasText: scripts[1] as string }).waitFor();
    await ann.page.keyboard.press('Escape');

    assert.equal(await ann.page.evaluate(() => (globalThis as { hit?: unknown }).hit), undefined);
    assert.deepEqual(
      asked.filter((url) => !url.startsWith(stage.server.base)),
      [],
    );
    assert.deepEqual(ann.errors, []);
    await say(ann.page, 'Still here');
    await bubble(ann.page, 'Still here').locator('[data-state=sent]').waitFor();
  });

  it('could not run even if the page set them as HTML', async () => {
    const set = await ann.page.evaluate(() => {
      try {
        document.createElement('div').innerHTML = '<img src=x onerror="window.hit=1">';
        return 'done';
      } catch (error) {
        return (error as Error).name;
      }
    });
    assert.equal(set, 'TypeError');
    const { headers } = await fetch(stage.server.base);
    const policy = headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe|\*|https?:|data:/);
  });
});
