// A button with a short list of things to do. Opens below it, closes by itself.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { rove } from '../keys.ts';
import { IconButton } from './button.tsx';
import { Icon, type IconName } from './icon.tsx';

export type Item = { icon: IconName; label: string; run: () => void };
type Props = { icon: IconName; label: string; items: readonly Item[]; class?: string; children?: ComponentChildren };

export function Menu({ icon, label, items, ...more }: Props) {
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    box.current?.querySelector<HTMLElement>('[data-row]')?.focus();
    const look = (event: Event): void => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    addEventListener('pointerdown', look, true);
    addEventListener('focusin', look);
    return () => {
      removeEventListener('pointerdown', look, true);
      removeEventListener('focusin', look);
    };
  }, [isOpen]);
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && isOpen) {
      event.preventDefault();
      setOpen(false);
      box.current?.querySelector('button')?.focus();
    } else if (isOpen) rove(event);
  };
  const choose = (item: Item): void => {
    box.current?.querySelector('button')?.focus();
    setOpen(false);
    item.run();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys that its buttons do not know
    <div class={`menu ${more.class ?? ''}${isOpen ? ' is-open' : ''}`} ref={box} onKeyDown={press}>
      <IconButton
        icon={icon}
        label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      />
      {isOpen && (
        <div class="menu-list" role="menu">
          {items.map((item) => (
            <button key={item.label} type="button" role="menuitem" data-row onClick={() => choose(item)}>
              <Icon name={item.icon} />
              {item.label}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
