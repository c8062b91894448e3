import { connection, im } from '../../state/session.ts';
import { t } from '../../words/t.ts';

/** Between two connections. */
export function Banner() {
  if (connection.value === 'online') return null;
  return (
    <div class="banner" role="status">
      <span class="spinner" aria-hidden="true" />
      <span>{t().lost}</span>
      <button type="button" class="link-button" onClick={() => im().wake()}>
        {t().tryNow}
      </button>
    </div>
  );
}
