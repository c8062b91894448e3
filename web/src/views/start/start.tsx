import { useState } from 'preact/hooks';
import { ended } from '../../state/session.ts';
import { t } from '../../words/t.ts';
import { Geese } from '../parts/geese.tsx';
import { Prefs } from '../parts/prefs.tsx';
import { GuestForm } from './guest-form.tsx';
import { NameForm } from './name-form.tsx';

export function Start() {
  const [isGuest, setGuest] = useState(false);
  return (
    <main class="start">
      <div class="start-tools">
        <Prefs />
      </div>
      <div class="start-card">
        <Geese />
        <h1>
          {t().appName}
          {t().tag === 'en' && (
            <span class="start-hanzi" lang="zh-Hans">
              鸿雁
            </span>
          )}
        </h1>
        <p class="start-tagline">{t().tagline}</p>
        {ended.value && (
          <p class="start-error" role="alert">
            {t().refused}
          </p>
        )}
        {isGuest ? <GuestForm /> : <NameForm />}
        <div class="start-other">
          {!isGuest && <p>{t().guestTitle}</p>}
          <button type="button" class="link-button" onClick={() => setGuest(!isGuest)}>
            {isGuest ? t().guestHide : t().guestShow}
          </button>
        </div>
      </div>
    </main>
  );
}
