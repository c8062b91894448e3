import { t } from '../../words/t.ts';
import { Geese } from '../parts/geese.tsx';

export const Empty = () => (
  <div class="empty">
    <Geese />
    <h1>{t().noTalk}</h1>
    <p class="hint">{t().noTalkHint}</p>
  </div>
);
