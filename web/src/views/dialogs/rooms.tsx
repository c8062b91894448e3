import type { Room } from 'hongyan-im';
import { useEffect, useState } from 'preact/hooks';
import { hide } from '../../state/dialog.ts';
import { membersOf, nameOfPlace, rooms } from '../../state/people.ts';
import { enterPlace } from '../../state/places.ts';
import { open } from '../../state/route.ts';
import { im } from '../../state/session.ts';
import { attempt } from '../../state/toasts.ts';
import { t } from '../../words/t.ts';
import { Avatar } from '../parts/avatar.tsx';
import { Frame } from './frame.tsx';

export function Rooms() {
  const [list, setList] = useState<readonly Room[] | undefined>(undefined);
  useEffect(() => {
    attempt(async () => setList(await im().rooms.find({ sort: '-ts', limit: 100 })));
  }, []);
  const go = async (id: string): Promise<void> => {
    if (!(await attempt(() => enterPlace('room', id)))) return;
    hide();
    open('room', id);
  };
  return (
    <Frame title={t().browseRooms}>
      {!list?.length && <p class="hint">{list ? t().noRooms : t().loading}</p>}
      <ul class="people">
        {list?.map((room) => (
          <li key={room.id}>
            <Avatar kind="room" id={room.id} name={nameOfPlace(room)} small />
            <span class="people-name">
              <strong>{nameOfPlace(room)}</strong>
              <small>{t().people_n(membersOf(room).length)}</small>
            </span>
            <button type="button" class="button" onClick={() => go(room.id)}>
              {rooms.value.has(room.id) ? t().joined : t().join}
            </button>
          </li>
        ))}
      </ul>
    </Frame>
  );
}
