// The source once more, to be compared with: its rows and records, a page at a time.
import { type Pull, SourceError } from '../../../core/imports/source.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { type Cursor, historyPage } from './walk-messages.ts';

export type Readable = {
  /** Rows of a class; none where the source does not offer it. */
  rows(name: string): AsyncIterable<JsonObject[]>;
  /** Everything that was said, the whole app's, in no particular order. */
  records(): AsyncIterable<JsonObject[]>;
  /** What one service said to one client; absent where `records` has all. */
  subscriberRecords?(service: string, client: string): AsyncIterable<JsonObject[]>;
  /** One conversation's records; absent where there is no such way. */
  conversationRecords?(id: string, kind: string): AsyncIterable<JsonObject[]>;
};

const pageRows = 1_000;
const all = { from: 0, to: 0 };

/** The live service. */
export function readableService(pull: Pull): Readable {
  async function* history(path: string): AsyncGenerator<JsonObject[]> {
    for (let cursor: Cursor | undefined; ; ) {
      const { records, next } = await historyPage(pull, path, all, cursor);
      yield records;
      if (next === undefined) return;
      cursor = next;
    }
  }
  return {
    async *rows(name) {
      for (let cursor: string | undefined; ; ) {
        const answer = await pull(`/1.1/scan/classes/${name}`, {
          limit: pageRows,
          ...(cursor === undefined ? {} : { cursor }),
        }).catch((error: unknown) => {
          if (error instanceof SourceError && (error.status === 404 || error.status === 403)) return {};
          throw error;
        });
        if (!isJsonObject(answer)) return;
        yield Array.isArray(answer.results) ? answer.results.filter(isJsonObject) : [];
        if (typeof answer.cursor !== 'string') return;
        cursor = answer.cursor;
      }
    },
    records: () => history('/1.2/rtm/messages'),
    subscriberRecords: (service, client) =>
      history(
        `/1.2/rtm/service-conversations/${encodeURIComponent(service)}/subscribers/${encodeURIComponent(client)}/messages`,
      ),
    conversationRecords: (id, kind) =>
      history(`/1.2/rtm/${kind === 'room' ? 'chatrooms' : 'conversations'}/${encodeURIComponent(id)}/messages`),
  };
}
