import { show } from '../../state/dialog.ts';
import { t } from '../../words/t.ts';
import { Menu } from '../parts/menu.tsx';

export const NewMenu = () => (
  <Menu
    icon="add"
    label={t().add}
    items={[
      { icon: 'person', label: t().addFriend, run: () => show({ is: 'add-friend' }) },
      { icon: 'people', label: t().newGroup, run: () => show({ is: 'new-group' }) },
      { icon: 'room', label: t().newRoom, run: () => show({ is: 'new-room' }) },
      { icon: 'search', label: t().browseRooms, run: () => show({ is: 'rooms' }) },
    ]}
  />
);
