import { effect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { newest } from '../state/chat.ts';
import { chatAt, markRead, readOverview, unreadTotal } from '../state/chats.ts';
import { readFriends, readPlaces } from '../state/people.ts';
import { openKey, placeIn } from '../state/route.ts';
import { logins } from '../state/session.ts';
import { attempt } from '../state/toasts.ts';
import { t } from '../words/t.ts';
import { followKeys } from './keys.ts';
import { Side } from './side/side.tsx';
import { Empty } from './talk/empty.tsx';
import { Talk } from './talk/talk.tsx';

/** What the server knows and this page does not yet; read again whenever the connection is back. */
const readAll = () => attempt(() => Promise.all([readFriends(), readPlaces(), readOverview()]));

function useSeen(): void {
  useEffect(() => {
    const look = (): void => {
      const place = placeIn(openKey.peek());
      if (document.visibilityState !== 'visible' || !place) return;
      const chat = chatAt(place.kind, place.id);
      if (newest(chat.lines.peek())) markRead(chat);
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
}

export function Home() {
  useEffect(() => effect(() => void (logins.value && readAll())), []);
  useEffect(
    () =>
      effect(() => {
        document.title = `${unreadTotal.value ? `(${unreadTotal.value}) ` : ''}${t().appName}`;
      }),
    [],
  );
  useEffect(followKeys, []);
  useSeen();
  const place = placeIn(openKey.value);
  return (
    <div class={`home${place ? ' has-talk' : ''}`}>
      <Side />
      <main class="main">{place ? <Talk key={openKey.value} chat={chatAt(place.kind, place.id)} /> : <Empty />}</main>
    </div>
  );
}
