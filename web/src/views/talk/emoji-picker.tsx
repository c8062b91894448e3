import { useEffect, useRef } from 'preact/hooks';
import { emoji } from '../../words/emoji.ts';
import { t } from '../../words/t.ts';

/** Arrow keys go over the grid, Esc closes it. */
export function EmojiPicker({ choose, close }: { choose: (emoji: string) => void; close: () => void }) {
  const box = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    box.current?.querySelector('button')?.focus();
    const look = ({ target }: Event): void => {
      const isInside = target instanceof Element && target.closest('.emoji-picker, .emoji-button');
      if (!isInside) close();
    };
    addEventListener('pointerdown', look, true);
    return () => removeEventListener('pointerdown', look, true);
  }, []);
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.preventDefault();
      close();
      document.querySelector<HTMLElement>('.composer textarea')?.focus();
      return;
    }
    const all = [...(box.current?.querySelectorAll('button') ?? [])];
    const first = all[0] as HTMLElement;
    const columns = all.findIndex(({ offsetTop }) => offsetTop > first.offsetTop) || 1;
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
    if (!step) return;
    event.preventDefault();
    all[all.indexOf(document.activeElement as HTMLButtonElement) + step]?.focus();
  };
  return (
    <fieldset class="emoji-picker" ref={box} aria-label={t().chooseEmoji} onKeyDown={press}>
      {emoji.map((one) => (
        <button key={one} type="button" onClick={() => choose(one)}>
          {one}
        </button>
      ))}
    </fieldset>
  );
}
