// Whether NATS is there and lets this account say and hear what a node says and hears.
import { randomUUID } from 'node:crypto';
import { connect } from '@nats-io/transport-node';
import { type NatsServers, optionsFor } from './nats-link.ts';
import { everybodySubject } from './nats-wire.ts';

const msMax = 5_000;

/** Says something to itself under the prefix. Throws what keeps it from that. */
export async function tryNats(to: NatsServers, prefix: string): Promise<{ server: string }> {
  const nats = await connect({ ...optionsFor(to), noEcho: false, reconnect: false, timeout: msMax });
  try {
    // Other nodes hear it too, and find nothing to forget in it.
    const words = JSON.stringify({ by: `try-${randomUUID()}`, notes: [] });
    const heard = new Promise<void>((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error('what was said was not heard: has the account the rights?')),
        msMax,
      );
      nats.subscribe(everybodySubject(prefix), {
        callback(error, message) {
          if (error) reject(error);
          if (error || message.string() !== words) return;
          clearTimeout(late);
          resolve();
        },
      });
    });
    nats.publish(everybodySubject(prefix), words);
    await heard;
    return { server: nats.getServer() };
  } finally {
    await nats.close();
  }
}
