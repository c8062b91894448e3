// Short sentences at the edge of the page, gone by themselves.
import { signal } from '@preact/signals';
import type { Failure } from 'hongyan-im';
import { t } from '../words/t.ts';

export type Toast = { id: number; text: string; isError: boolean };

export const toasts = signal<readonly Toast[]>([]);
const toastMs = 5_000;
const toastsMax = 3;
let count = 0;

export function say(text: string, isError = false): void {
  const toast = { id: ++count, text, isError };
  toasts.value = [...toasts.peek().filter((other) => other.text !== text), toast].slice(-toastsMax);
  setTimeout(() => dismiss(toast.id), toastMs);
}

export function dismiss(id: number): void {
  toasts.value = toasts.peek().filter((toast) => toast.id !== id);
}

/** What went wrong, for a reader. */
export function reason(error: unknown): string {
  const { code, status } = error as Partial<Failure>;
  if (status === 413 || code === 5010) return t().errorTooLarge;
  if (code === 5008) return t().errorTooMany;
  if (status === 404 || code === 5004 || code === 5009) return t().errorMissing;
  if (status === 401 || status === 403 || code === 5003 || code === 5007) return t().errorForbidden;
  if (!code && !status) return t().errorNetwork;
  return t().errorUnknown;
}

/** Does it; says why when it fails. Resolves with whether it was done. */
export async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    say(reason(error), true);
    return false;
  }
}
