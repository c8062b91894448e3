import { useState } from 'preact/hooks';
import { hide } from '../../state/dialog.ts';
import { friends } from '../../state/people.ts';
import { createPlace } from '../../state/places.ts';
import { attempt } from '../../state/toasts.ts';
import { idOf, nameFrom, namesIn } from '../../words/names.ts';
import { t } from '../../words/t.ts';
import { Frame } from './frame.tsx';

/** A group with people in it, or a room that people come to. */
export function NewPlace({ kind }: { kind: 'group' | 'room' }) {
  const [name, setName] = useState('');
  const [others, setOthers] = useState('');
  const [chosen, choose] = useState<readonly string[]>([]);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!name.trim()) return;
    const members = kind === 'group' ? [...chosen, ...namesIn(others).map(idOf)] : [];
    if (await attempt(() => createPlace(kind, name.trim(), members))) hide();
  };
  const toggle = (id: string): void =>
    choose(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
  return (
    <Frame title={kind === 'group' ? t().newGroup : t().newRoom}>
      <form class="fields" onSubmit={submit}>
        <label for="place-name">{kind === 'group' ? t().groupName : t().roomName}</label>
        <input
          id="place-name"
          required
          maxLength={64}
          autocomplete="off"
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        {kind === 'group' && (
          <>
            {friends.value.size > 0 && (
              <fieldset class="chips">
                <legend>{t().friends}</legend>
                {[...friends.value.keys()].map((id) => (
                  <button
                    key={id}
                    type="button"
                    class="chip"
                    aria-pressed={chosen.includes(id)}
                    onClick={() => toggle(id)}
                  >
                    {nameFrom(id)}
                  </button>
                ))}
              </fieldset>
            )}
            <label for="place-members">{t().members}</label>
            <input
              id="place-members"
              autocomplete="off"
              autocapitalize="off"
              spellcheck={false}
              aria-describedby="place-hint"
              value={others}
              onInput={(event) => setOthers(event.currentTarget.value)}
            />
            <p class="hint" id="place-hint">
              {t().memberNames}
            </p>
          </>
        )}
        <button type="submit" class="button primary">
          {t().create}
        </button>
      </form>
    </Frame>
  );
}
