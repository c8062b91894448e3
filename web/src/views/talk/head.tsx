import type { Chat } from '../../state/chat.ts';
import { show } from '../../state/dialog.ts';
import { friends, groups, membersOf, nameOf, online, rooms, speakerName } from '../../state/people.ts';
import { close } from '../../state/route.ts';
import { session } from '../../state/session.ts';
import { t } from '../../words/t.ts';
import { Avatar } from '../parts/avatar.tsx';
import { IconButton } from '../parts/button.tsx';

function below({ kind, id, typing }: Chat): string {
  const [first, ...more] = typing.value;
  if (first !== undefined) return more.length ? t().typingMany : t().typing(speakerName(kind, first));
  const place = kind === 'group' ? groups.value.get(id) : kind === 'room' ? rooms.value.get(id) : undefined;
  if (place) return t().people_n(membersOf(place).length);
  if (kind === 'passenger') return t().visitor;
  if (kind !== 'user' || session.value?.me.isPassenger) return '';
  const isOnline = online.value.has(id) ? t().online : t().offline;
  return friends.value.has(id) ? isOnline : `${isOnline} · ${t().notFriend}`;
}

export function Head({ chat }: { chat: Chat }) {
  const name = nameOf(chat);
  const isTyping = chat.typing.value.length > 0;
  return (
    <header class="head">
      <IconButton icon="back" class="only-phone" label={t().back} onClick={close} />
      <Avatar kind={chat.kind} id={chat.id} name={name} dot={chat.kind === 'user'} />
      <div class="head-name">
        <h1>{name}</h1>
        <p class={isTyping ? 'is-typing' : ''} aria-live="polite">
          {below(chat)}
        </p>
      </div>
      {!session.value?.me.isPassenger && chat.kind !== 'passenger' && (
        <IconButton icon="info" label={t().details} onClick={() => show({ is: 'details', chat })} />
      )}
    </header>
  );
}
