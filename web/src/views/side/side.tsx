import { signal } from '@preact/signals';
import { session } from '../../state/session.ts';
import { t } from '../../words/t.ts';
import { rove } from '../keys.ts';
import { IconButton } from '../parts/button.tsx';
import { Found } from './found.tsx';
import { Me } from './me.tsx';
import { NewMenu } from './new-menu.tsx';
import { TalkList } from './talk-list.tsx';

export const wanted = signal('');

export function Side() {
  const isUser = !session.value?.me.isPassenger;
  return (
    <aside class="side" aria-label={t().chats} onKeyDown={rove}>
      <Me />
      {isUser && (
        <div class="side-search">
          <input
            id="search"
            type="search"
            value={wanted.value}
            placeholder={t().searchShort}
            aria-label={t().search}
            autocomplete="off"
            onInput={(event) => {
              wanted.value = event.currentTarget.value;
            }}
            onKeyDown={(event) => {
              if (event.key !== 'Escape' || !wanted.value) return;
              event.preventDefault();
              wanted.value = '';
            }}
          />
          {wanted.value && (
            <IconButton
              icon="close"
              label={t().clearSearch}
              onClick={() => {
                wanted.value = '';
                document.getElementById('search')?.focus();
              }}
            />
          )}
          <NewMenu />
        </div>
      )}
      {wanted.value.trim() ? <Found /> : <TalkList />}
    </aside>
  );
}
