// Two terminals, two people, the unmodified maxleap-im 3.0.17 (README.md beside this file says how to start it).
import { createInterface } from 'node:readline';
import 'maxleap-im'; // exports nothing, sets the global ML

const { ML } = globalThis;
const { HONGYAN_APP_ID: appId, HONGYAN_CLIENT_KEY: clientId, SERVER: base = 'http://127.0.0.1:8787' } = process.env;
const [me = 'ann', friend = 'bob'] = process.argv.slice(2);
const show = (name, content) => console.log(`${name}: ${content.body}`);

// The one line that an application changes: where the SDK finds its server.
ML.im._engine.getServer = (cache) => {
  cache.server = { rest: base, socket: `${base}/chat` };
};

const im = ML.im({ appId, clientId, userId: me }, (login) => {
  if (!login.success) return console.log(`login refused: ${login.error}`);
  im.addFriend(me, friend, () => {
    console.log(`${me} talks with ${friend}. Write a line and press Enter; Ctrl+C leaves.`);
    im.getRecentChat(me, friend, Date.now(), 10, (_error, records = []) => {
      for (const { speaker, content } of records) show(speaker, content);
    });
  });
});
im.onMessage(({ from, content }) => show(from.id, content));
im.online((id) => console.log(`(${id} is here)`));
im.offline((id) => console.log(`(${id} has left)`));
createInterface({ input: process.stdin }).on('line', (line) => {
  if (line.trim()) im.toFriend(friend).text(line).ok();
});
