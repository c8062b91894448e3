// What one node forgets because it was changed there, every node forgets; and when notes about it may have got lost,
// everything is forgotten. On a single node what is remembered is used as it is.
import type { Core } from './core.ts';
import type { Note } from './ports/bus.ts';

export type Memory = Pick<Core, 'facts' | 'words' | 'apps'>;

/** `open` is called again whenever everything is to be forgotten. */
export function forgetTogether(bus: Core['bus'], open: () => Memory): Memory {
  const first = open();
  if (bus.state() === 'alone') return first;
  let mine = first;
  bus.onNote((note) => forget(mine, note));
  bus.onGap(() => {
    mine = open();
  });
  const everywhere = (...note: Note): void => {
    forget(mine, note);
    bus.tell(note);
  };
  return {
    facts: {
      pair: (...args) => mine.facts.pair(...args),
      group: (...args) => mine.facts.group(...args),
      person: (...args) => mine.facts.person(...args),
      forgetPerson: (app, who) => everywhere('person', app, who),
      forgetPair: (app, a, b) => everywhere('pair', app, a, b),
      forgetConversation: (app, id) => everywhere('conversation', app, id),
      // These are of one node: what it said unstored, and how much it has seen received. Both only spare work.
      loose: first.facts.loose,
      frontier: first.facts.frontier,
    },
    words: {
      of: (app) => mine.words.of(app),
      forget: (app) => everywhere('words', app),
    },
    apps: {
      byId: (id) => mine.apps.byId(id),
      forget: (id) => everywhere('app', id),
    },
  };
}

/** A note of a newer version may be of a kind that is not known here. */
function forget({ facts, words, apps }: Memory, [what, ...args]: Note): void {
  const [first, second, third] = args;
  if (what === 'app') apps.forget(String(first));
  if (typeof first !== 'number') return;
  if (what === 'words') words.forget(first);
  if (what === 'person') facts.forgetPerson(first, String(second));
  if (what === 'conversation') facts.forgetConversation(first, String(second));
  if (what === 'pair') facts.forgetPair(first, String(second), String(third));
}
