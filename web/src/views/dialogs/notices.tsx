import { useEffect, useState } from 'preact/hooks';
import { outline } from '../../state/live.ts';
import { type Audience, announceTo, notices, unseen } from '../../state/notices.ts';
import { groups, nameOfPlace } from '../../state/people.ts';
import { attempt, say } from '../../state/toasts.ts';
import { t } from '../../words/t.ts';
import { clock } from '../../words/time.ts';
import { Frame } from './frame.tsx';

const audienceOf = (value: string): Audience =>
  value === 'me' || value === 'all' ? { to: value } : { to: 'group', id: value };

export function Notices() {
  const [text, setText] = useState('');
  const [to, setTo] = useState('me');
  useEffect(() => {
    unseen.value = 0;
  }, [notices.value]);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!text.trim() || !(await attempt(() => announceTo(audienceOf(to), text.trim())))) return;
    setText('');
    say(t().announced);
  };
  return (
    <Frame title={t().notices}>
      <ul class="notices" aria-live="polite">
        {notices.value.map(({ id, words, ts }) => (
          <li key={id}>
            <p dir="auto">{outline(words)}</p>
            <time>{clock(ts)}</time>
          </li>
        ))}
      </ul>
      {!notices.value.length && <p class="hint">{t().noticesEmpty}</p>}
      <form class="fields" onSubmit={submit}>
        <h3>{t().noticesSend}</h3>
        <p class="hint">{t().noticesHint}</p>
        <label for="audience">{t().audience}</label>
        <select id="audience" value={to} onChange={(event) => setTo(event.currentTarget.value)}>
          <option value="me">{t().toMe}</option>
          <option value="all">{t().toAll}</option>
          {[...groups.value.values()].map((group) => (
            <option key={group.id} value={group.id}>
              {nameOfPlace(group)}
            </option>
          ))}
        </select>
        <label for="notice">{t().message}</label>
        <textarea
          id="notice"
          rows={3}
          maxLength={2000}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="button primary">
          {t().send}
        </button>
      </form>
    </Frame>
  );
}
