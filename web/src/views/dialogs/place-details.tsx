import { useState } from 'preact/hooks';
import { show } from '../../state/dialog.ts';
import { groups, membersOf, nameOfPlace, rooms } from '../../state/people.ts';
import { addMembers, dissolve, leavePlace, removeMember, rename } from '../../state/places.ts';
import { myId } from '../../state/session.ts';
import { attempt } from '../../state/toasts.ts';
import { idOf, nameFrom, namesIn } from '../../words/names.ts';
import { t } from '../../words/t.ts';
import { Avatar } from '../parts/avatar.tsx';
import { IconButton } from '../parts/button.tsx';

type Props = { kind: 'group' | 'room'; id: string };

export function PlaceDetails({ kind, id }: Props) {
  const group = kind === 'group' ? groups.value.get(id) : undefined;
  const place = group ?? rooms.value.get(id);
  if (!place) return null;
  const members = membersOf(place);
  const isMine = group?.owner === myId.value;
  return (
    <>
      <Field label={t().rename} value={nameOfPlace(place)} run={(name) => rename(kind, id, name)} />
      <section>
        <h3>
          {kind === 'room' ? t().whoIsHere : t().members} · {members.length}
        </h3>
        <ul class="people">
          {members.map((member) => (
            <li key={member}>
              <Avatar kind="user" id={member} name={nameFrom(member)} dot small />
              <span class="people-name">
                <strong>{nameFrom(member)}</strong>
                {member === group?.owner && <small>{t().owner}</small>}
              </span>
              {isMine && member !== myId.value && (
                <IconButton
                  icon="close"
                  label={t().removeOne(nameFrom(member))}
                  onClick={() => attempt(() => removeMember(kind, id, member))}
                />
              )}
            </li>
          ))}
        </ul>
      </section>
      <Field
        label={t().addMembers}
        value=""
        hint={t().memberNames}
        run={(names) => addMembers(kind, id, namesIn(names).map(idOf))}
      />
      <Farewell kind={kind} id={id} name={nameOfPlace(place)} isMine={isMine} />
    </>
  );
}

function Farewell({ kind, id, name, isMine }: Props & { name: string; isMine: boolean }) {
  const go = kind === 'room' ? t().leaveRoom : t().leaveGroup;
  const ask = (question: string, yes: string, run: () => Promise<unknown>) => (): void =>
    show({ is: 'sure', question, yes, run: () => attempt(run) });
  return (
    <div class="dialog-buttons">
      <button type="button" class="button" onClick={ask(t().leaveSure(name), go, () => leavePlace(kind, id))}>
        {go}
      </button>
      {isMine && (
        <button
          type="button"
          class="button danger"
          onClick={ask(t().dissolveSure(name), t().dissolve, () => dissolve(id))}
        >
          {t().dissolve}
        </button>
      )}
    </div>
  );
}

type FieldProps = { label: string; value: string; hint?: string; run: (value: string) => Promise<unknown> };

/** One value and a button that takes it. */
function Field({ label, value, hint, run }: FieldProps) {
  const [text, setText] = useState(value);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!text.trim() || text === value) return;
    setBusy(true);
    if ((await attempt(() => run(text.trim()))) && !value) setText('');
    setBusy(false);
  };
  return (
    <form class="fields in-row" onSubmit={submit}>
      <label>
        {label}
        <input
          value={text}
          placeholder={hint}
          autocomplete="off"
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button" disabled={isBusy} aria-label={`${label}: ${t().save}`}>
        {t().save}
      </button>
    </form>
  );
}
