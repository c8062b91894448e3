// The browser's own dialog: it keeps the focus inside, closes with Esc, and gives the focus back.
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { hide } from '../../state/dialog.ts';
import { t } from '../../words/t.ts';
import { IconButton } from '../parts/button.tsx';

type Props = {
  title: string;
  children: ComponentChildren;
  class?: string;
  isBare?: boolean;
  onKeyDown?: (event: KeyboardEvent) => void;
};

export function Frame({ title, children, isBare, onKeyDown, ...more }: Props) {
  const box = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = box.current as HTMLDialogElement;
    const before = document.activeElement as HTMLElement | null;
    element.showModal();
    return () => {
      element.close();
      if (before?.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={box}
      class={`dialog ${more.class ?? ''}`}
      aria-label={title}
      onKeyDown={onKeyDown}
      // The event comes late: by then another dialog may stand in this one's place.
      onClose={() => box.current?.isConnected && hide()}
      onClick={(event) => event.target === box.current && hide()}
    >
      <div class="dialog-inside">
        <header class={isBare ? 'dialog-bare' : ''}>
          {!isBare && <h2>{title}</h2>}
          <IconButton icon="close" label={t().close} onClick={hide} />
        </header>
        {children}
      </div>
    </dialog>
  );
}
