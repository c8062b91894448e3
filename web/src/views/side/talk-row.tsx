import type { Chat, Line } from '../../state/chat.ts';
import { outline } from '../../state/live.ts';
import { nameOf, online, speakerName } from '../../state/people.ts';
import { open, openKey } from '../../state/route.ts';
import { t } from '../../words/t.ts';
import { shortTime } from '../../words/time.ts';
import { Avatar } from '../parts/avatar.tsx';
import { Icon } from '../parts/icon.tsx';

function lastWords({ kind }: Chat, line: Line): string {
  const who = line.own ? t().you : speakerName(kind, line.from);
  if (line.recalled) return line.own ? t().recalledYou : t().recalledBy(who);
  const text = line.outgoing && !line.words.body ? t().file : outline(line.words);
  return kind === 'group' || kind === 'room' || line.own ? t().heard(who, text) : text;
}

/** What stands where no message is yet. */
const facts = ({ kind, id }: Chat): string =>
  kind === 'user' ? (online.value.has(id) ? t().online : t().offline) : t().sayHello;

export function TalkRow({ chat }: { chat: Chat }) {
  const { kind, id, key } = chat;
  const name = nameOf(chat);
  const last = chat.last.value;
  const unread = chat.unread.value;
  const count = unread > 99 ? '99+' : String(unread);
  const isTyping = chat.typing.value.length > 0;
  return (
    <li>
      <button
        type="button"
        class="talk-row"
        data-row
        data-chat={key}
        aria-current={openKey.value === key}
        onClick={() => open(kind, id)}
      >
        <Avatar kind={kind} id={id} name={name} dot={kind === 'user'} />
        <span class="talk-row-text">
          <span class="talk-row-top">
            <strong>{name}</strong>
            {kind === 'user' && online.value.has(id) && <span class="unseen">{t().online}</span>}
            {last && <time>{shortTime(last.ts)}</time>}
          </span>
          <span class="talk-row-bottom">
            {last?.outgoing?.state === 'failed' && <Icon name="alert" />}
            <span class={isTyping ? 'is-typing' : ''}>
              {isTyping
                ? t().typing(speakerName(kind, chat.typing.value[0] as string))
                : last
                  ? lastWords(chat, last)
                  : facts(chat)}
            </span>
            {unread > 0 && (
              <span class="badge">
                <span aria-hidden="true">{count}</span>
                <span class="unseen">{t().unread(count)}</span>
              </span>
            )}
          </span>
        </span>
      </button>
    </li>
  );
}
