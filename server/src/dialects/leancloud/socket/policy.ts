// What this door demands of who speaks.
import type { App } from '../../../core/apps/app.ts';
import { type SpeakPolicy, sessionPolicy } from '../../../core/messages/speak.ts';

/** Anybody who is logged in may speak in a room; everywhere else members do. */
export const socketPolicy = ({ settings }: App): SpeakPolicy => ({
  ...sessionPolicy,
  roomStanding: 'none',
  obey: { ...sessionPolicy.obey, words: settings['leancloud.censor'] ? 'star' : 'off' },
});
