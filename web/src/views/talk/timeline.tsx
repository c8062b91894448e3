import type { Chat, Line } from '../../state/chat.ts';
import { readPast } from '../../state/past.ts';
import { t } from '../../words/t.ts';
import { dayName, daysAgo } from '../../words/time.ts';
import { IconButton } from '../parts/button.tsx';
import { Row } from './row.tsx';
import { useScroll } from './use-scroll.ts';

/** Lines of one speaker within this time stand together. */
const togetherMs = 5 * 60_000;

function isTogether(before: Line | undefined, line: Line): boolean {
  return (
    before !== undefined &&
    before.from === line.from &&
    before.own === line.own &&
    !before.recalled &&
    line.ts - before.ts < togetherMs
  );
}

function Past({ chat }: { chat: Chat }) {
  const state = chat.past.value;
  if (chat.kind === 'room') return <p class="aside past">{t().roomKeepsNothing}</p>;
  if (state === 'all') return <p class="aside past">{chat.lines.value.length ? t().beginning : t().sayHello}</p>;
  return (
    <p class="aside past">
      {state === 'loading' || state === 'unread' ? (
        t().loading
      ) : (
        <button type="button" class="link-button" onClick={() => readPast(chat)}>
          {t().loadEarlier}
        </button>
      )}
    </p>
  );
}

const Divider = ({ text, isNew }: { text: string; isNew?: boolean }) => (
  <p class={`day${isNew ? ' is-new' : ''}`}>
    <span>{text}</span>
  </p>
);

export function Timeline({ chat, edit }: { chat: Chat; edit: (line: Line) => void }) {
  const lines = chat.lines.value;
  const { box, isAway, toBottom } = useScroll(chat, lines);
  const newFrom = chat.newFrom.value;
  return (
    <div class="timeline-frame">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <div class="timeline" ref={box} role="log" aria-live="off" aria-label={t().message} tabIndex={0}>
        <div class="timeline-lines">
          <Past chat={chat} />
          {lines.flatMap((line, index) => {
            const before = lines[index - 1];
            const isNewDay = !before || daysAgo(before.ts, line.ts) !== 0;
            const isFirstNew = newFrom > 0 && line.ts === newFrom;
            const isFirst = isNewDay || isFirstNew || !isTogether(before, line);
            return [
              isNewDay && <Divider key={`day ${line.id}`} text={dayName(line.ts)} />,
              isFirstNew && <Divider key="new" text={t().newMessages} isNew />,
              <Row key={line.id} chat={chat} line={line} isFirst={isFirst} edit={edit} />,
            ];
          })}
        </div>
      </div>
      {isAway && (
        <span class="to-bottom">
          <IconButton icon="down" label={t().toBottom} onClick={toBottom} />
        </span>
      )}
    </div>
  );
}
