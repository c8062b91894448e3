// HTTPS with files that are renewed under a running server. Files are looked at by time and size instead of watched:
// that also sees links being swapped, which is how certificates arrive in containers.
import { readFile, stat } from 'node:fs/promises';
import type { Server } from 'node:https';
import { createSecureContext } from 'node:tls';
import type { Log } from '../core/ports/log.ts';

export type TlsFiles = { readonly certPath: string; readonly keyPath: string };
export type TlsPair = { cert: Buffer; key: Buffer };

const lookEveryMs = 10_000;

/** Throws when a file cannot be read or the two do not belong together. */
export async function readTlsPair(files: TlsFiles): Promise<TlsPair> {
  const [cert, key] = await Promise.all([readFile(files.certPath), readFile(files.keyPath)]);
  createSecureContext({ cert, key });
  return { cert, key };
}

const stampOf = async (path: string): Promise<string> => {
  const { mtimeMs, size, ino } = await stat(path);
  return `${mtimeMs} ${size} ${ino}`;
};

const stampsOf = async (files: TlsFiles): Promise<string> =>
  (await Promise.all([stampOf(files.certPath), stampOf(files.keyPath)])).join();

/**
 * Puts changed files into force for new connections; a pair that does not work leaves the old one in force and is
 * tried again at the next look. Returns the way to stop.
 */
export function reloadTls(server: Server, files: TlsFiles, log: Log, everyMs: number = lookEveryMs): () => void {
  let inForce = stampsOf(files).catch(() => '');
  let looking = false;
  const look = async (): Promise<void> => {
    const stamps = await stampsOf(files);
    if (stamps === (await inForce)) return;
    server.setSecureContext(await readTlsPair(files));
    inForce = Promise.resolve(stamps);
    log.info({ certPath: files.certPath }, 'new TLS certificate in force');
  };
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    look()
      .catch((error: unknown) =>
        log.warn({ error, certPath: files.certPath }, 'TLS files cannot be used, the old certificate stays'),
      )
      .finally(() => {
        looking = false;
      });
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
