import { useState } from 'preact/hooks';
import { forgetName, names } from '../../state/session.ts';
import { userName } from '../../words/names.ts';
import { t } from '../../words/t.ts';
import { IconButton } from '../parts/button.tsx';
import { useEnter } from './use-enter.ts';

export function NameForm() {
  const [text, setText] = useState('');
  const { isBusy, error, setError, knock } = useEnter();
  const submit = (event: Event): void => {
    event.preventDefault();
    const name = userName(text);
    if (name) knock({ name, isPassenger: false });
    else setError(t().badName);
  };
  return (
    <form class="start-form" onSubmit={submit} noValidate>
      <label for="name">{t().yourName}</label>
      <input
        id="name"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        autocomplete="nickname"
        autocapitalize="off"
        spellcheck={false}
        maxLength={40}
        aria-describedby="name-hint"
        aria-invalid={!!error}
      />
      <p id="name-hint" class={error ? 'start-error' : 'hint'} role={error ? 'alert' : undefined}>
        {error || t().enterHint}
      </p>
      <button type="submit" class="button primary" disabled={isBusy}>
        {isBusy ? t().entering : t().enter}
      </button>
      {names.value.length > 0 && (
        <div class="start-names">
          <h2>{t().recent}</h2>
          <ul>
            {names.value.map((name) => (
              <li key={name}>
                <button
                  type="button"
                  class="chip"
                  disabled={isBusy}
                  onClick={() => knock({ name, isPassenger: false })}
                >
                  {name}
                </button>
                <IconButton icon="close" label={t().forget(name)} onClick={() => forgetName(name)} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </form>
  );
}
