import type { Chat, Line } from '../../state/chat.ts';
import { nameOf, speakerName } from '../../state/people.ts';
import { t } from '../../words/t.ts';
import { clock, fullTime } from '../../words/time.ts';
import { Avatar } from '../parts/avatar.tsx';
import { Content } from './content.tsx';
import { LineMenu } from './line-menu.tsx';
import { Ticks } from './ticks.tsx';

type Props = { chat: Chat; line: Line; isFirst: boolean; edit: (line: Line) => void };

export function Row({ chat, line, isFirst, edit }: Props) {
  const { own, from, words, ts, edited, recalled, outgoing } = line;
  const isMany = chat.kind === 'group' || chat.kind === 'room';
  const name = own ? t().you : chat.kind === 'user' ? nameOf(chat) : speakerName(chat.kind, from);
  if (recalled) {
    return (
      <p class="row aside" data-ts={ts}>
        {own ? t().recalledYou : t().recalledBy(name)}
      </p>
    );
  }
  const isBare = words.kind === 'image' || words.kind === 'video';
  return (
    <article class={`row${own ? ' own' : ''}${isFirst ? ' first' : ''}`} data-ts={outgoing ? undefined : ts}>
      {!own && isMany && (
        <span class="row-avatar">{isFirst && <Avatar kind="user" id={from} name={name} small />}</span>
      )}
      <div class="row-body">
        {isFirst && !own && isMany ? <strong class="row-name">{name}</strong> : <span class="unseen">{name}</span>}
        <div class={`bubble${isBare ? ' bare' : ''}${outgoing?.state === 'failed' ? ' failed' : ''}`}>
          <Content chat={chat} line={line} />
          <span class="row-facts">
            {edited !== undefined && <span>{t().edited}</span>}
            <time title={fullTime(ts)}>{clock(ts)}</time>
            {own && <Ticks chat={chat} line={line} />}
          </span>
        </div>
        {outgoing?.state === 'failed' && (
          <p class="row-failed" role="alert">
            {t().failed}
            <button type="button" class="link-button" onClick={() => outgoing.retry()}>
              {t().retry}
            </button>
            <button type="button" class="link-button" onClick={() => outgoing.cancel()}>
              {t().remove}
            </button>
          </p>
        )}
      </div>
      <LineMenu chat={chat} line={line} edit={edit} />
    </article>
  );
}
