import type { Chat, Line } from '../../state/chat.ts';
import { connection, myId } from '../../state/session.ts';
import { t } from '../../words/t.ts';
import { Icon, type IconName } from '../parts/icon.tsx';

function stateOf(chat: Chat, { outgoing, ts }: Line): [IconName, string, string] {
  if (outgoing?.state === 'failed') return ['alert', t().failed, 'failed'];
  if (outgoing) return ['clock', connection.value === 'online' ? t().sending : t().waiting, 'sending'];
  const marks = chat.marks.value;
  const readers = Object.keys(marks).filter((id) => id !== myId.value && (marks[id] as number) >= ts);
  if (!readers.length) return ['check', t().sent, 'sent'];
  return ['read', chat.kind === 'group' ? t().readBy(readers.length) : t().read, 'read'];
}

/** How far my message has come. */
export function Ticks({ chat, line }: { chat: Chat; line: Line }) {
  const [icon, label, state] = stateOf(chat, line);
  return (
    <span class={`ticks ${state}`} role="img" aria-label={label} title={label} data-state={state}>
      <Icon name={icon} />
    </span>
  );
}
