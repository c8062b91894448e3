// Where the reader is stays where it is: at the newest message while there, and on the same line when earlier ones are
// put above it.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Chat, Line } from '../../state/chat.ts';
import { readPast } from '../../state/past.ts';

/** Pixels from the end that still count as being there, and from the beginning at which more is read. */
const nearEnd = 48;
const nearBeginning = 600;

export function useScroll(chat: Chat, lines: readonly Line[]) {
  const box = useRef<HTMLDivElement>(null);
  const [isAway, setAway] = useState(false);
  /** A line and how far below the upper edge it ends, when the box was scrolled to `top`. */
  const anchor = useRef<{ row: HTMLElement; at: number; top: number } | undefined>(undefined);
  const isAtEnd = useRef(true);
  const lastOwn = useRef('');

  const toBottom = (): void => {
    const element = box.current;
    if (element) element.scrollTop = element.scrollHeight;
  };

  const remember = (): void => {
    const element = box.current;
    if (!element) return;
    isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < nearEnd;
    const row = element.querySelector<HTMLElement>('.row');
    const top = element.scrollTop;
    anchor.current = row ? { row, at: row.offsetTop + row.offsetHeight - top, top } : undefined;
  };

  const look = (): void => {
    remember();
    setAway(!isAtEnd.current);
    const element = box.current;
    if (element && element.scrollTop < nearBeginning && chat.past.peek() === 'more') readPast(chat);
  };

  useLayoutEffect(() => {
    const element = box.current;
    const last = lines.at(-1);
    const hasSaid = !!last?.outgoing && last.id !== lastOwn.current;
    if (hasSaid) lastOwn.current = last.id;
    if (!element) return;
    if (isAtEnd.current || hasSaid) toBottom();
    else if (anchor.current?.row.isConnected) {
      const { row, at, top } = anchor.current;
      // The reader may have scrolled a moment ago: that is told only with the next frame.
      const scrolled = element.scrollTop - top;
      element.scrollTop = row.offsetTop + row.offsetHeight - at + scrolled;
    }
    remember();
  }, [lines]);

  // Pictures arrive, a keyboard opens: the end stays in view.
  useEffect(() => {
    const element = box.current as HTMLDivElement;
    const keepEnd = new ResizeObserver(() => {
      if (isAtEnd.current) toBottom();
    });
    keepEnd.observe(element);
    keepEnd.observe(element.firstElementChild as Element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      keepEnd.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [chat]);

  // A page that does not fill the view asks for the next by itself.
  useEffect(() => {
    const element = box.current;
    if (element && chat.past.value === 'more' && element.scrollHeight <= element.clientHeight) readPast(chat);
  }, [lines, chat.past.value]);

  return { box, isAway, toBottom };
}
