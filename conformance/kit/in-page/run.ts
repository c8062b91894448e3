// Runs in a page: two people of one SDK, one with the page's own copy of it and one with that of a frame, and the cases that
// Node runs too.
import type { Cases, Stage } from '../../leancloud/cases/case.ts';
import { clientCases, realtimeCases } from '../../leancloud/cases/client.ts';
import { talkCases } from '../../leancloud/cases/conversation.ts';
import { roomCases, serviceCases, temporaryCases } from '../../leancloud/cases/kinds.ts';
import { messageCases } from '../../leancloud/cases/messages.ts';
import { queryCases } from '../../leancloud/cases/query.ts';
import type { AppKeys } from '../server.ts';
import { master, methodsOf, type Untyped } from '../told.ts';

export type Setting = {
  readonly version: string;
  readonly base: string;
  readonly app: AppKeys;
  /** Scripts of the SDK, of the storage SDK and of the plugin, in that order. */
  readonly scripts: readonly string[];
};

const groups: Record<string, { readonly cases: Cases; readonly object?: (stage: Stage) => Untyped }> = {
  IMClient: { cases: clientCases, object: ({ tom }) => tom },
  Conversation: { cases: talkCases, object: ({ talk }) => talk },
  ChatRoom: { cases: roomCases, object: ({ room }) => room },
  ServiceConversation: { cases: serviceCases, object: ({ service }) => service },
  TemporaryConversation: { cases: temporaryCases, object: ({ temporary }) => temporary },
  ConversationQuery: { cases: queryCases, object: ({ tom }) => tom.getQuery() },
  messages: { cases: messageCases },
  Realtime: { cases: realtimeCases, object: ({ realtime }) => realtime },
};

let stage: Stage | undefined;

export async function open({ version, base, app, scripts }: Setting): Promise<void> {
  const frame = document.body.appendChild(document.createElement('iframe'));
  const [his, hers] = [await load(globalThis, scripts), await load(frame.contentWindow, scripts)];
  const made = (AV: Untyped): Untyped => {
    // The plugin's files are of the storage SDK, which asks to be told of an app before it makes one.
    AV.init({ appId: 'files', appKey: 'files', serverURL: 'http://127.0.0.1:9' });
    const where = version.startsWith('4')
      ? { RTMServers: base.replace('http', 'ws'), server: new URL(base).host }
      : { server: base };
    const plugins = [AV.TypedMessagesPlugin];
    return new AV.Realtime({ appId: app.id, appKey: app.clientKey, ...where, plugins });
  };
  const realtime = made(his);
  const tom = await realtime.createIMClient('Tom');
  const jerry = await made(hers).createIMClient('Jerry');
  const talk = await tom.createConversation({ members: ['Jerry', 'Third'], name: 'Talk' });
  const { objectId } = await master(base, app, 'POST', '/1.2/rtm/service-conversations', { name: 'News' });
  stage = {
    ...{ world: undefined as never, sdk: his, hisSdk: hers, plugin: his, storage: his, realtime, tom, jerry, talk },
    hisTalk: await jerry.getConversation(talk.id),
    room: await tom.createChatRoom({ name: 'Room' }),
    service: await tom.getConversation(objectId),
    temporary: await tom.createTemporaryConversation({ members: ['Jerry'] }),
  };
}

/** What each group's object offers, and what there are cases for. */
export const names = (group: string): { methods: string[]; cases: string[] } => ({
  methods: methodsOf(groups[group]?.object?.(stage as Stage)),
  cases: Object.keys(groups[group]?.cases ?? {}).sort(),
});

export async function run(group: string, name: string): Promise<void> {
  await groups[group]?.cases[name]?.(stage as Stage);
}

/** What the scripts leave in the place that loads them. */
async function load(place: Untyped, scripts: readonly string[]): Promise<Untyped> {
  for (const src of scripts)
    await new Promise<void>((done, failed) => {
      const script = place.document.createElement('script');
      Object.assign(script, { src, onload: () => done(), onerror: () => failed(new Error(`${src} was not loaded`)) });
      place.document.body.append(script);
    });
  return place.AV;
}
