import { signal } from '@preact/signals';
import type { Chat } from '../../state/chat.ts';
import { listed } from '../../state/chats.ts';
import { friends } from '../../state/people.ts';
import { session } from '../../state/session.ts';
import { t } from '../../words/t.ts';
import { TalkRow } from './talk-row.tsx';

type Filter = 'all' | 'friends' | 'groups' | 'rooms';

const filter = signal<Filter>('all');

const fits = ({ kind, id }: Chat): boolean => {
  if (filter.value === 'friends') return kind === 'user' && friends.value.has(id);
  if (filter.value === 'groups') return kind === 'group';
  return filter.value === 'all' || kind === 'room';
};

export function TalkList() {
  const shown = listed.value.filter(fits);
  const isUser = !session.value?.me.isPassenger;
  return (
    <>
      {isUser && (
        <fieldset class="filters">
          <legend class="unseen">{t().filter}</legend>
          {(['all', 'friends', 'groups', 'rooms'] as const).map((name) => (
            <button
              key={name}
              type="button"
              class="chip"
              aria-pressed={filter.value === name}
              onClick={() => {
                filter.value = name;
              }}
            >
              {t()[name]}
            </button>
          ))}
        </fieldset>
      )}
      {shown.length === 0 ? (
        <div class="side-empty">
          <p>{t().emptyList}</p>
          {isUser && <p class="hint">{t().emptyListHint}</p>}
        </div>
      ) : (
        <ul class="talk-list">
          {shown.map((chat) => (
            <TalkRow key={chat.key} chat={chat} />
          ))}
        </ul>
      )}
    </>
  );
}
