// Worker files carry the extension of the file that starts them: .ts in the sources, .js in the published package.
const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

export const threadUrl = (name: 'writer-thread' | 'copy-thread'): URL =>
  new URL(`./${name}${extension}`, import.meta.url);
