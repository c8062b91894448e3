// Short messages to phones. The words are the sender's; the core says what is to be told.
import type { CodePurpose } from '../accounts/proofs.ts';
import type { App } from '../apps/app.ts';

export type CodeMessage = {
  readonly phone: string;
  readonly code: string;
  readonly purpose: CodePurpose;
  /** How long the code lives. */
  readonly minutes: number;
};

export interface Sms {
  /** Resolves when somebody took it over. Throws `unavailable`, and `feature-off` when the app has nobody who sends. */
  send(app: App, message: CodeMessage): Promise<void>;
}
