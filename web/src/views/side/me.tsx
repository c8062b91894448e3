import { show } from '../../state/dialog.ts';
import { unseen } from '../../state/notices.ts';
import { connection, leave, session } from '../../state/session.ts';
import { t } from '../../words/t.ts';
import { Avatar } from '../parts/avatar.tsx';
import { IconButton } from '../parts/button.tsx';
import { Prefs } from '../parts/prefs.tsx';

export function Me() {
  const me = session.value?.me;
  if (!me) return null;
  const isOnline = connection.value === 'online';
  return (
    <header class="me">
      <Avatar kind={me.isPassenger ? 'passenger' : 'user'} id={me.id} name={me.name} />
      <div class="me-name">
        <strong>{me.name}</strong>
        <small class={isOnline ? 'is-online' : ''}>
          {me.isPassenger ? `${t().passenger} · ` : ''}
          {isOnline ? t().online : t().connecting}
        </small>
      </div>
      {!me.isPassenger && (
        <span class="with-badge">
          <IconButton icon="bell" label={t().notices} onClick={() => show({ is: 'notices' })} />
          {unseen.value > 0 && (
            <span class="badge" aria-hidden="true">
              {unseen.value > 99 ? '99+' : unseen.value}
            </span>
          )}
        </span>
      )}
      <Prefs />
      <IconButton icon="leave" label={t().leave} onClick={leave} />
    </header>
  );
}
