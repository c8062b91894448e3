import type { Chat, Line } from '../../state/chat.ts';
import { show } from '../../state/dialog.ts';
import { ownUpload } from '../../words/links.ts';
import { t } from '../../words/t.ts';
import { fullTime } from '../../words/time.ts';
import { IconButton } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { Frame } from './frame.tsx';

const isPicture = ({ words, recalled }: Line): boolean =>
  words.kind === 'image' && !recalled && ownUpload(words.url) !== undefined;

/** One picture over the whole page; the arrow keys go through those of the chat. */
export function PictureView({ chat, line: id }: { chat: Chat; line: string }) {
  const all = chat.lines.value.filter(isPicture);
  const at = all.findIndex((line) => line.id === id);
  const line = all[at];
  if (!line) return null;
  const source = ownUpload(line.words.url) as string;
  const go = (step: number) => (): void => {
    const other = all[at + step];
    if (other) show({ is: 'picture', chat, line: other.id });
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowLeft') go(-1)();
    if (event.key === 'ArrowRight') go(1)();
  };
  return (
    <Frame title={t().picture} class="picture-view" isBare onKeyDown={press}>
      <div class="picture-stage">
        <img src={source} alt={t().picture} />
        <p class="picture-facts">
          <IconButton icon="back" label={t().previous} onClick={go(-1)} disabled={at === 0} />
          <time>{fullTime(line.ts)}</time>
          <a class="icon-button" href={source} download="" aria-label={t().download} title={t().download}>
            <Icon name="download" />
          </a>
          <IconButton icon="next" label={t().next} onClick={go(1)} disabled={at === all.length - 1} />
        </p>
      </div>
    </Frame>
  );
}
