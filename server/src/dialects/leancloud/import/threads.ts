// Which client a service's message was said to: the record names him by a digest, so the clients have to be tried.
import type { ImportJob } from '../../../core/imports/source.ts';
import { limits } from '../../../core/limits.ts';
import { threadDigest } from '../rest/records.ts';

export type ThreadNames = {
  addService(id: string): void;
  isService(id: string): Promise<boolean>;
  /** undefined: nobody who is known has this digest. */
  clientOf(service: string, digest: string): Promise<string | undefined>;
};

const pageRows = 1_000;

export function openThreadNames({ core, app }: Pick<ImportJob, 'core' | 'app'>): ThreadNames {
  const services = new Map<string, Map<string, string>>();
  const tried = new Set<string>();
  const plain = new Set<string>();

  async function everyone(service: string, names: Map<string, string>): Promise<void> {
    for (let skip = 0; ; skip += pageRows) {
      const { users } = await core.store.users.list(app.no, { skip, limit: pageRows });
      for (const { id } of users) names.set(threadDigest(service, id), id);
      if (users.length < pageRows) return;
    }
  }

  async function subscribers(service: string, names: Map<string, string>): Promise<void> {
    const conversation = await core.store.conversations.open(app.no, service);
    const who = conversation ? await core.store.conversations.roster(app.no, conversation.no) : [];
    for (const one of who) names.set(threadDigest(service, one), one);
  }

  async function tryMore(service: string, step: 'subscribers' | 'everyone', names: Map<string, string>): Promise<void> {
    const key = `${step}/${service}`;
    if (tried.has(key)) return;
    tried.add(key);
    await (step === 'subscribers' ? subscribers : everyone)(service, names);
  }

  return {
    addService(id) {
      plain.delete(id);
      if (!services.has(id)) services.set(id, new Map());
    },
    async isService(id) {
      if (services.has(id)) return true;
      if (plain.has(id)) return false;
      const conversation = await core.store.conversations.open(app.no, id);
      if (conversation?.kind === 'service') services.set(id, new Map());
      else if (plain.size < limits.factsCached) plain.add(id);
      return conversation?.kind === 'service';
    },
    async clientOf(service, digest) {
      const names = services.get(service);
      if (!names) return undefined;
      for (const step of ['subscribers', 'everyone'] as const) {
        if (names.has(digest)) break;
        await tryMore(service, step, names);
      }
      return names.get(digest);
    },
  };
}
