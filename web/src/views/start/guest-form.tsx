import { useState } from 'preact/hooks';
import { open } from '../../state/route.ts';
import { idOf, userName } from '../../words/names.ts';
import { t } from '../../words/t.ts';
import { useEnter } from './use-enter.ts';

/** A passenger is nobody's friend and in no group: there is one conversation, with whom it came to see. */
export function GuestForm() {
  const [name, setName] = useState('');
  const [to, setTo] = useState('');
  const { isBusy, error, setError, knock } = useEnter();
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const [mine, theirs] = [userName(name), userName(to)];
    if (!mine || !theirs) setError(t().badName);
    else if (await knock({ name: mine, isPassenger: true })) open('user', idOf(theirs));
  };
  return (
    <form class="start-form" onSubmit={submit} noValidate>
      <p class="hint">{t().guestHint}</p>
      <label for="guest">{t().guestName}</label>
      <input id="guest" value={name} maxLength={40} onInput={(event) => setName(event.currentTarget.value)} />
      <label for="host">{t().guestTo}</label>
      <input
        id="host"
        value={to}
        maxLength={40}
        autocapitalize="off"
        spellcheck={false}
        onInput={(event) => setTo(event.currentTarget.value)}
      />
      {error && (
        <p class="start-error" role="alert">
          {error}
        </p>
      )}
      <button type="submit" class="button primary" disabled={isBusy}>
        {isBusy ? t().entering : t().guestEnter}
      </button>
    </form>
  );
}
