import { dialog } from '../../state/dialog.ts';
import { AddFriend } from './add-friend.tsx';
import { Details } from './details.tsx';
import { NewPlace } from './new-place.tsx';
import { Notices } from './notices.tsx';
import { PictureView } from './picture-view.tsx';
import { Rooms } from './rooms.tsx';
import { Sure } from './sure.tsx';

export function Dialogs() {
  const open = dialog.value;
  switch (open?.is) {
    case 'add-friend':
      return <AddFriend />;
    case 'new-group':
      return <NewPlace key="group" kind="group" />;
    case 'new-room':
      return <NewPlace key="room" kind="room" />;
    case 'rooms':
      return <Rooms />;
    case 'notices':
      return <Notices />;
    case 'details':
      return <Details key={open.chat.key} chat={open.chat} />;
    case 'picture':
      return <PictureView chat={open.chat} line={open.line} />;
    case 'sure':
      return <Sure {...open} />;
    default:
      return null;
  }
}
