// Files that are chosen and not sent yet.

import type { What } from 'hongyan-im';
import { useState } from 'preact/hooks';

export type Tray = {
  files: readonly File[];
  add(files: Iterable<File>): void;
  remove(file: File): void;
  clear(): void;
};

const filesMax = 10;

export function useTray(): Tray {
  const [files, set] = useState<readonly File[]>([]);
  return {
    files,
    add: (more) => set((now) => [...now, ...more].slice(0, filesMax)),
    remove: (file) => set((now) => now.filter((other) => other !== file)),
    clear: () => set([]),
  };
}

/** As the kind that everybody can see; what no browser shows inside a page goes as a file. */
export function whatOf(file: File): What {
  if (/^image\/(png|jpeg|gif|webp|avif|bmp)$/.test(file.type)) return { image: file };
  if (file.type.startsWith('audio/')) return { audio: file };
  if (file.type.startsWith('video/')) return { video: file };
  return { file, name: file.name };
}
