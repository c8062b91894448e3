// What a scenario found, as a page of Markdown and as numbers to compare with.

export type Page = {
  heading(text: string): void;
  say(text: string): void;
  table(names: readonly string[], rows: readonly (readonly (string | number)[])[]): void;
  /** A figure by which a regression is seen. undefined: not run. */
  note(name: string, value: number | undefined): void;
  readonly notes: ReadonlyMap<string, number | null>;
};

/** `quiet`: the figures alone are wanted. */
export function openPage(quiet: boolean): Page {
  const notes = new Map<string, number | null>();
  const write = (text: string): void => void (quiet || process.stdout.write(`${text}\n`));
  return {
    heading: (text) => write(`\n## ${text}\n`),
    say: (text) => write(`${text}\n`),
    table(names, rows) {
      const cells = [names, ...rows].map((row) => row.map(String));
      const widths = names.map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
      const line = (row: readonly string[]): string =>
        `| ${row.map((cell, n) => (n === 0 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0))).join(' | ')} |`;
      const [head, ...rest] = cells as [string[], ...string[][]];
      write(line(head));
      write(`| ${widths.map((width, n) => (n === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`);
      for (const row of rest) write(line(row));
      write('');
    },
    note(name, value) {
      notes.set(name, value === undefined ? null : Number(value.toPrecision(3)));
    },
    notes,
  };
}
