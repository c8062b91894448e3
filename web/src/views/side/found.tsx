import { useEffect, useState } from 'preact/hooks';
import { listed } from '../../state/chats.ts';
import { nameOf } from '../../state/people.ts';
import { enterPlace } from '../../state/places.ts';
import { open } from '../../state/route.ts';
import { type Hit, search } from '../../state/search.ts';
import { attempt } from '../../state/toasts.ts';
import { t } from '../../words/t.ts';
import { Avatar } from '../parts/avatar.tsx';
import { wanted } from './side.tsx';
import { TalkRow } from './talk-row.tsx';

const pauseMs = 200;

function useHits(text: string): { hits: Hit[]; isBusy: boolean } {
  const [state, set] = useState<{ text: string; hits: Hit[] }>({ text: '', hits: [] });
  useEffect(() => {
    let isOld = false;
    const timer = setTimeout(
      () =>
        attempt(async () => {
          const hits = await search(text);
          if (!isOld) set({ text, hits });
        }),
      pauseMs,
    );
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [text]);
  return { hits: state.hits, isBusy: state.text !== text };
}

async function go({ kind, id }: Hit): Promise<void> {
  if (kind === 'group' || kind === 'room') {
    if (!(await attempt(() => enterPlace(kind, id)))) return;
  }
  wanted.value = '';
  open(kind, id);
}

export function Found() {
  const text = wanted.value.trim();
  const { hits, isBusy } = useHits(text);
  const mine = listed.value.filter((chat) => nameOf(chat).toLowerCase().includes(text.toLowerCase()));
  const known = new Set(mine.map(({ kind, id }) => `${kind} ${id}`));
  const others = hits.filter(({ kind, id }) => !known.has(`${kind} ${id}`));
  const sections = [
    [t().people, 'user'],
    [t().groups, 'group'],
    [t().rooms, 'room'],
  ] as const;
  return (
    <div class="found">
      {mine.length > 0 && (
        <section>
          <h2>{t().hereAlready}</h2>
          <ul class="talk-list">
            {mine.map((chat) => (
              <TalkRow key={chat.key} chat={chat} />
            ))}
          </ul>
        </section>
      )}
      {sections.map(([title, kind]) => {
        const list = others.filter((hit) => hit.kind === kind);
        return (
          list.length > 0 && (
            <section key={kind}>
              <h2>{title}</h2>
              <ul class="talk-list">
                {list.map((hit) => (
                  <li key={hit.id}>
                    <button
                      type="button"
                      class="talk-row"
                      data-row
                      data-hit={`${kind}/${hit.id}`}
                      onClick={() => go(hit)}
                    >
                      <Avatar kind={kind} id={hit.id} name={hit.name} dot={kind === 'user'} small />
                      <span class="talk-row-text">
                        <strong>{hit.name}</strong>
                      </span>
                      {kind !== 'user' && <span class="hint">{t().join}</span>}
                    </button>
                  </li>
                ))}
              </ul>
            </section>
          )
        );
      })}
      {!mine.length && !others.length && (
        <p class="side-empty" role="status">
          {isBusy ? t().searching : t().nothingFound}
        </p>
      )}
    </div>
  );
}
