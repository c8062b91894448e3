import type { Chat } from '../../state/chat.ts';
import { hide, show } from '../../state/dialog.ts';
import { friends, nameOf, online } from '../../state/people.ts';
import { addFriend, removeFriend } from '../../state/places.ts';
import { attempt } from '../../state/toasts.ts';
import { nameFrom } from '../../words/names.ts';
import { t } from '../../words/t.ts';
import { Avatar } from '../parts/avatar.tsx';
import { Frame } from './frame.tsx';
import { PlaceDetails } from './place-details.tsx';

export function Details({ chat }: { chat: Chat }) {
  const { kind, id } = chat;
  const name = nameOf(chat);
  return (
    <Frame title={t().details} class="sheet">
      <div class="details-top">
        <Avatar kind={kind} id={id} name={name} dot={kind === 'user'} />
        <strong>{name}</strong>
        {kind === 'user' && <small>{online.value.has(id) ? t().online : t().offline}</small>}
      </div>
      {kind === 'user' && <Person id={id} />}
      {(kind === 'group' || kind === 'room') && <PlaceDetails kind={kind} id={id} />}
    </Frame>
  );
}

function Person({ id }: { id: string }) {
  if (!friends.value.has(id)) {
    return (
      <button type="button" class="button primary" onClick={() => attempt(() => addFriend(id))}>
        {t().addFriend}
      </button>
    );
  }
  const part = (): void =>
    show({
      is: 'sure',
      question: t().unfriendSure(nameFrom(id)),
      yes: t().unfriend,
      run: () => attempt(() => removeFriend(id)).finally(hide),
    });
  return (
    <button type="button" class="button danger" onClick={part}>
      {t().unfriend}
    </button>
  );
}
