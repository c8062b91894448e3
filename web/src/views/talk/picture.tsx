import type { Chat, Line } from '../../state/chat.ts';
import { show } from '../../state/dialog.ts';
import { nameOf, speakerName } from '../../state/people.ts';
import { keptPreview } from '../../state/previews.ts';
import { ownUpload } from '../../words/links.ts';
import { t } from '../../words/t.ts';

/** The thumbnail at once, and the picture over it when it is in view: thumbnails are 128 pixels small. */
export function Picture({ chat, line, source }: { chat: Chat; line: Line; source: string }) {
  const kept = keptPreview(line.id);
  const thumb = kept ?? ownUpload(line.words.thumb);
  const who = line.own ? t().you : chat.kind === 'user' ? nameOf(chat) : speakerName(chat.kind, line.from);
  return (
    <button
      type="button"
      class="picture"
      onClick={() => show({ is: 'picture', chat, line: line.id })}
      aria-label={`${t().openPicture}: ${t().pictureFrom(who)}`}
    >
      {thumb && <img class="thumb" src={thumb} alt="" />}
      {!kept && <img class="whole" src={source} alt="" loading="lazy" decoding="async" />}
    </button>
  );
}
