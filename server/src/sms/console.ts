// For trying things out: whoever reads the log is the phone. Never the default.
import type { Log } from '../core/ports/log.ts';
import type { Sms } from '../core/ports/sms.ts';

export const openConsoleSms = (log: Log): Sms => ({
  async send(app, { phone, code, purpose }) {
    log.warn({ app: app.id, phone, purpose, code }, 'a code that nobody sends: HONGYAN_SMS is console');
  },
});
