import { useState } from 'preact/hooks';
import { hide } from '../../state/dialog.ts';
import { addFriend } from '../../state/places.ts';
import { reason } from '../../state/toasts.ts';
import { idOf, userName } from '../../words/names.ts';
import { t } from '../../words/t.ts';
import { Frame } from './frame.tsx';

export function AddFriend() {
  const [text, setText] = useState('');
  const [error, setError] = useState('');
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const name = userName(text);
    if (!name) return setError(t().badName);
    try {
      await addFriend(idOf(name));
      hide();
    } catch (problem) {
      setError(reason(problem));
    }
  };
  return (
    <Frame title={t().addFriend}>
      <form class="fields" onSubmit={submit}>
        <label for="friend">{t().name}</label>
        <input
          id="friend"
          value={text}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          maxLength={40}
          aria-describedby="friend-hint"
          aria-invalid={!!error}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <p id="friend-hint" class={error ? 'start-error' : 'hint'} role={error ? 'alert' : undefined}>
          {error || t().addFriendHint}
        </p>
        <button type="submit" class="button primary">
          {t().addFriend}
        </button>
      </form>
    </Frame>
  );
}
