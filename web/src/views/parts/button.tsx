import type { JSX } from 'preact';
import { Icon, type IconName } from './icon.tsx';

type Props = Omit<JSX.IntrinsicElements['button'], 'icon' | 'label'> & { icon: IconName; label: string };

/** A picture alone; its name is for readers and for the pointer that rests on it. */
export const IconButton = ({ icon, label, ...more }: Props) => (
  <button type="button" {...more} class={`icon-button ${more.class ?? ''}`} aria-label={label} title={label}>
    <Icon name={icon} />
  </button>
);
