// Calls of LeanCloud's REST door as its callers make them.
import type { Answer, World } from './world.ts';

export type LeancloudOptions = { master?: boolean; headers?: Record<string, string>; raw?: string };

export type Leancloud = (method: string, path: string, body?: unknown, options?: LeancloudOptions) => Promise<Answer>;

/** The app key speaks unless `master` says otherwise; `headers` without `X-LC-Id` are added to the usual ones. */
export const leancloud =
  ({ url, app }: Pick<World, 'url' | 'app'>): Leancloud =>
  async (method, path, body, { master, headers, raw } = {}) => {
    const json = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const answer = await fetch(url + path, {
      method,
      headers: {
        ...(headers ?? {
          'X-LC-Id': app.id,
          'X-LC-Key': master ? `${app.masterKey},master` : app.clientKey,
        }),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: json,
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, body: text === '' ? undefined : JSON.parse(text) };
  };
