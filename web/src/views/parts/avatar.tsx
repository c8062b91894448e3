import type { ChatKind } from '../../state/chat.ts';
import { online } from '../../state/people.ts';
import { colourOf, initial } from '../../words/names.ts';
import { Icon } from './icon.tsx';

type Props = { kind: ChatKind; id: string; name: string; dot?: boolean; small?: boolean };

/** People are round, places are not. `dot`: whether they are online. */
export function Avatar({ kind, id, name, dot, small }: Props) {
  const isOnline = dot && online.value.has(id);
  const shape = kind === 'user' || kind === 'passenger' ? 'round' : 'square';
  return (
    <span class={`avatar ${shape} colour-${colourOf(id, 8)}${small ? ' small' : ''}`} aria-hidden="true">
      {kind === 'room' ? <Icon name="room" /> : kind === 'passenger' ? <Icon name="person" /> : initial(name)}
      {isOnline && <span class="dot" />}
    </span>
  );
}
