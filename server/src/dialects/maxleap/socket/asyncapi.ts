// The AsyncAPI document of /chat, made from the schemas of its events.
import { auth, type EventShape, heardEvents, toldEvents } from './schemas.ts';

const intro = `The socket of the MaxLeap door: Socket.IO (Engine.IO 3 or 4, WebSocket or polling) at \`/socket.io/\`, namespace \`/chat\`.
A client gives its credentials in the query of the handshake (\`auth\`), joins \`/chat\`, and hears \`login\`.

Every event has one argument: the payloads here. An event of a client may ask for a Socket.IO callback, which is the reply here.
What is marked \`x-extension\` is no part of MaxLeap's protocol: only sessions with \`"ext": 1\` in their \`auth\` hear it.`;

type Json = Readonly<Record<string, unknown>>;

const channel = { $ref: '#/channels/chat' };
const ofChannel = (name: string) => ({ $ref: `#/channels/chat/messages/${name}` });
const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** Names in the document: an event may go both ways with two shapes. */
const fromClient = (name: string): string => `client${capital(name)}`;
const fromServer = (name: string): string => `server${capital(name)}`;
const answerTo = (name: string): string => `answerTo${capital(name)}`;

function message(name: string, { summary, payload, extension }: EventShape): Json {
  return { name, title: name, summary, payload, ...(extension ? { 'x-extension': true } : {}) };
}

/** AsyncAPI 3.0; seen from the server, which receives what clients send. */
export function asyncApi(): Json {
  const heard = Object.entries<EventShape>(heardEvents);
  const told = Object.entries<EventShape>(toldEvents);
  const messages = Object.fromEntries<Json>([
    ...heard.map(([name, shape]) => [fromClient(name), message(name, shape)] as const),
    ...heard.map(([name, { answer }]) => [answerTo(name), { name: `callback of ${name}`, payload: answer }] as const),
    ...told.map(([name, shape]) => [fromServer(name), message(name, shape)] as const),
  ]);
  const operations = Object.fromEntries<Json>([
    ...heard.map(([name]) => {
      const reply = { channel, messages: [ofChannel(answerTo(name))] };
      return [
        fromClient(name),
        { action: 'receive', channel, messages: [ofChannel(fromClient(name))], reply },
      ] as const;
    }),
    ...told.map(
      ([name]) => [fromServer(name), { action: 'send', channel, messages: [ofChannel(fromServer(name))] }] as const,
    ),
  ]);
  return {
    asyncapi: '3.0.0',
    info: { title: 'MaxLeap IM, the socket', version: '2', description: intro },
    defaultContentType: 'application/json',
    servers: {
      local: {
        host: '127.0.0.1:8787',
        pathname: '/socket.io/',
        protocol: 'ws',
        description: 'A server with nothing configured',
      },
    },
    channels: {
      chat: {
        address: '/chat',
        description: 'The namespace of Socket.IO',
        servers: [{ $ref: '#/servers/local' }],
        messages: Object.fromEntries(
          Object.keys(messages).map((name) => [name, { $ref: `#/components/messages/${name}` }]),
        ),
        bindings: { ws: { bindingVersion: '0.1.0', method: 'GET', query: handshake } },
      },
    },
    operations,
    components: { messages },
  };
}

const handshake = {
  type: 'object',
  properties: {
    auth: { type: 'string', contentMediaType: 'application/json', contentSchema: auth },
    EIO: { type: 'string', enum: ['3', '4'] },
    transport: { type: 'string', enum: ['websocket', 'polling'] },
  },
  required: ['auth', 'EIO', 'transport'],
};
