// The yardstick: the least that could pass for a chat server. `ws` as it comes, one process, frames of the same sizes on
// the same wire, the answer to the sender and the copy for the partner; nothing is checked, remembered or stored.
import { WebSocket, WebSocketServer } from 'ws';

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
const members = new Map<string, WebSocket>();

server.on('connection', (socket, request) => {
  const auth = new URL(request.url ?? '/', 'http://x').searchParams.get('auth') ?? '{}';
  const id = String((JSON.parse(auth) as { client?: unknown }).client);
  const [role, pair] = id.split('-') as [string, string];
  const other = `${role === 'from' ? 'to' : 'from'}-${pair}`;
  members.set(id, socket);
  socket.send('0{"sid":"relay","upgrades":[],"pingInterval":25000,"pingTimeout":60000}');
  socket.send('40');
  socket.on('message', (data) => {
    const text = data.toString();
    if (text === '2') return socket.send('3');
    if (text.startsWith('40/chat')) {
      socket.send('40/chat');
      return socket.send(`42/chat,["login",{"success":true,"id":"${id}"}]`);
    }
    const start = text.indexOf('[');
    const partner = members.get(other);
    if (start < 0 || partner?.readyState !== WebSocket.OPEN) return;
    const ts = Date.now();
    partner.send(`42/chat,["message",{"from":{"id":"${id}","type":0},"ts":${ts},${text.slice(start + 8, -1)}]`);
    socket.send(`43/chat,${text.slice('42/chat,'.length, start)}[{"success":true,"ts":${ts}}]`);
  });
});

server.on('listening', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.stdout.write(`${address.port}\n`);
});
// Gone with the process that measures.
process.stdin.on('end', () => process.exit(0)).resume();
