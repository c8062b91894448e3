import { dismiss, toasts } from '../../state/toasts.ts';
import { t } from '../../words/t.ts';
import { IconButton } from './button.tsx';

export const Toasts = () => (
  <div class="toasts" role="status" aria-live="polite">
    {toasts.value.map(({ id, text, isError }) => (
      <div key={id} class={`toast${isError ? ' error' : ''}`}>
        <span>{text}</span>
        <IconButton icon="close" label={t().close} onClick={() => dismiss(id)} />
      </div>
    ))}
  </div>
);
