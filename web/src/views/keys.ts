// Keys that work everywhere on the page: / goes to the search, Esc closes what is open.
import { close } from '../state/route.ts';

const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && /^(input|textarea|select)$/i.test(target.tagName);

export function followKeys(): () => void {
  const press = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing || document.querySelector('dialog[open]')) return;
    if (event.key === '/' && !isWriting(event.target) && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      document.getElementById('search')?.focus();
    }
    if (event.key === 'Escape') {
      close();
      document.getElementById('search')?.focus({ preventScroll: true });
    }
  };
  addEventListener('keydown', press);
  return () => removeEventListener('keydown', press);
}

/** Up, Down, Home and End between the rows of a list. */
export function rove(event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
  if (step === undefined) return;
  const rows = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('[data-row]')];
  const now = rows.indexOf(document.activeElement as HTMLElement);
  const isField = /^(input|textarea)$/i.test((event.target as HTMLElement).tagName);
  if (isField && !Number.isFinite(step)) return;
  event.preventDefault();
  const at = Math.min(rows.length - 1, Math.max(0, now + step));
  if (now === 0 && step === -1) document.getElementById('search')?.focus();
  else rows[at]?.focus();
}
