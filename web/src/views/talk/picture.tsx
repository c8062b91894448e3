import type { Chat, Line } from '../../state/chat.ts';
import { show } from '../../state/dialog.ts';
import { nameOf, speakerName } from '../../state/people.ts';
import { keptPreview } from '../../state/previews.ts';
import { ownUpload } from '../../words/links.ts';
import { t } from '../../words/t.ts';

export function Picture({ chat, line, source }: { chat: Chat; line: Line; source: string }) {
  const thumb = keptPreview(line.id) ?? ownUpload(line.words.thumb) ?? source;
  const who = line.own ? t().you : chat.kind === 'user' ? nameOf(chat) : speakerName(chat.kind, line.from);
  return (
    <button
      type="button"
      class="picture"
      onClick={() => show({ is: 'picture', chat, line: line.id })}
      aria-label={`${t().openPicture}: ${t().pictureFrom(who)}`}
    >
      <img src={thumb} alt="" loading="lazy" decoding="async" />
    </button>
  );
}
