// The NATS server that tests may use, each under a prefix of its own.
import { randomUUID } from 'node:crypto';

const url = process.env.HONGYAN_TEST_NATS_URL;

/** undefined: there is none, and its suites say so instead of running. */
export const testNats: { readonly url: string; readonly host: string; readonly port: number } | undefined = url
  ? { url, host: new URL(url).hostname, port: Number(new URL(url).port || 4222) }
  : undefined;

export const notRun = 'not run: HONGYAN_TEST_NATS_URL names no NATS server';

export const freshPrefix = (): string => `test-${randomUUID().slice(0, 8)}`;
