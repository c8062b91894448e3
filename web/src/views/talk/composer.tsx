import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Chat, Line } from '../../state/chat.ts';
import { talkOf } from '../../state/chats.ts';
import { nameOf } from '../../state/people.ts';
import { attempt } from '../../state/toasts.ts';
import { t } from '../../words/t.ts';
import { IconButton } from '../parts/button.tsx';
import { Attach } from './attach.tsx';
import { EmojiPicker } from './emoji-picker.tsx';
import { TrayView } from './tray-view.tsx';
import { type Tray, whatOf } from './use-tray.ts';

type Props = { chat: Chat; tray: Tray; editing: Line | undefined; done: () => void };

/** Characters of one message that the server takes. */
const textMax = 10_000;

export function Composer({ chat, tray, editing, done }: Props) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(chat.draft);
  const [hasEmoji, showEmoji] = useState(false);
  const hasPointer = matchMedia('(hover: hover)').matches;

  const write = (value: string): void => {
    setText(value);
    if (!editing) chat.draft = value;
    if (value) talkOf(chat).typing();
  };

  // On a phone the keyboard comes when it is asked for.
  useEffect(() => {
    if (hasPointer) field.current?.focus({ preventScroll: true });
  }, [chat]);
  useLayoutEffect(() => {
    setText(editing ? (editing.words.text ?? '') : chat.draft);
    if (editing) field.current?.focus();
  }, [editing]);
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);

  const send = (): void => {
    const said = (field.current?.value ?? '').trim();
    if (editing) {
      const { ts, words } = editing;
      if (said && said !== words.text) attempt(() => talkOf(chat).edit(ts, said));
      done();
      return;
    }
    if (!said && !tray.files.length) return;
    for (const file of tray.files) talkOf(chat).send(whatOf(file));
    if (said) talkOf(chat).send(said);
    tray.clear();
    setText('');
    chat.draft = '';
    field.current?.focus();
  };

  const press = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === 'Escape' && (editing || hasEmoji)) {
      event.preventDefault();
      if (hasEmoji) showEmoji(false);
      else done();
    }
  };

  const insert = (emoji: string): void => {
    const element = field.current as HTMLTextAreaElement;
    const { selectionStart: from, selectionEnd: to } = element;
    write(text.slice(0, from) + emoji + text.slice(to));
    requestAnimationFrame(() => {
      element.focus();
      element.setSelectionRange(from + emoji.length, from + emoji.length);
    });
  };

  const paste = (event: ClipboardEvent): void => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    tray.add(files);
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {editing && (
        <div class="composer-note">
          <span>{t().editing}</span>
          <IconButton icon="close" label={t().cancel} onClick={done} />
        </div>
      )}
      <TrayView tray={tray} />
      {hasEmoji && <EmojiPicker choose={insert} close={() => showEmoji(false)} />}
      <div class="composer-row">
        <Attach add={tray.add} />
        <IconButton
          icon="emoji"
          label={t().emoji}
          aria-expanded={hasEmoji}
          class="emoji-button"
          onClick={() => showEmoji(!hasEmoji)}
        />
        <textarea
          ref={field}
          rows={1}
          value={text}
          maxLength={textMax}
          placeholder={t().writeHere}
          aria-label={t().writeTo(nameOf(chat))}
          enterkeyhint="send"
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={press}
          onPaste={paste}
        />
        <IconButton
          type="submit"
          icon={editing ? 'check' : 'send'}
          label={editing ? t().save : t().send}
          class="send"
          disabled={!text.trim() && !tray.files.length}
        />
      </div>
    </form>
  );
}
