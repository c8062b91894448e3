// What was said, by its kind. Everything in it comes from somebody else: texts are texts, addresses are checked.
import type { Words } from 'hongyan-im';
import type { Chat, Line } from '../../state/chat.ts';
import { ownUpload, partsOf, webUrl } from '../../words/links.ts';
import { sizeOf } from '../../words/size.ts';
import { t } from '../../words/t.ts';
import { Icon } from '../parts/icon.tsx';
import { Picture } from './picture.tsx';
import { Uploading } from './uploading.tsx';

export function Content({ chat, line }: { chat: Chat; line: Line }) {
  const { words, outgoing } = line;
  if (outgoing && !words.body) return <Uploading outgoing={outgoing} />;
  if (words.kind === 'text' || words.kind === 'other') return <Text text={words.text ?? String(words.body)} />;
  const source = ownUpload(words.url);
  if (!source) return <Foreign words={words} />;
  if (words.kind === 'image') return <Picture chat={chat} line={line} source={source} />;
  if (words.kind === 'audio')
    // biome-ignore lint/a11y/useMediaCaption: nobody captions what is said in a chat
    return <audio class="audio" controls preload="metadata" src={source} aria-label={t().audio} />;
  if (words.kind === 'video')
    // biome-ignore lint/a11y/useMediaCaption: nobody captions what is said in a chat
    return <video class="video" controls preload="metadata" playsInline src={source} aria-label={t().video} />;
  return <FileLink source={source} words={words} />;
}

/** A few emoji alone are shown large. */
const onlyEmoji = /^(?:\p{Extended_Pictographic}(?:\u200d|\ufe0f|\p{Emoji_Modifier})*){1,6}$/u;

function Text({ text }: { text: string }) {
  if (text.length < 40 && onlyEmoji.test(text)) return <p class="text large">{text}</p>;
  return (
    <p class="text" dir="auto">
      {partsOf(text).map((part, index) =>
        typeof part === 'string' ? (
          part
        ) : (
          <a key={String(index)} href={part.href} target="_blank" rel="noopener noreferrer nofollow ugc">
            {part.href}
          </a>
        ),
      )}
    </p>
  );
}

/** Media of other sites is not loaded, so that they do not learn who reads; it is a link, when it is one. */
function Foreign({ words }: { words: Words }) {
  const url = webUrl(words.url);
  return (
    <p class="text foreign">
      <Icon name="link" />
      <span>
        {t().foreignMedia}{' '}
        {url ? (
          <a href={url.href} target="_blank" rel="noopener noreferrer nofollow ugc">
            {url.host + url.pathname}
          </a>
        ) : (
          t().badLink
        )}
      </span>
    </p>
  );
}

function FileLink({ source, words }: { source: string; words: Words }) {
  const name = typeof words.file?.name === 'string' && words.file.name ? words.file.name : t().file;
  return (
    <a class="file" href={source} download={name}>
      <Icon name="file" />
      <span class="file-name">
        <strong>{name}</strong>
        <small>{sizeOf(words.file?.size) || t().download}</small>
      </span>
    </a>
  );
}
