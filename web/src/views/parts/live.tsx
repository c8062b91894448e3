import { spoken } from '../../state/live.ts';

/** Read aloud, not seen. */
export const Live = () => (
  <div class="unseen" aria-live="polite" id="live">
    {spoken.value}
  </div>
);
