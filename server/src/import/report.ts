// A comparison as a person reads it, on a terminal.
import type { Verified } from '../core/imports/verified.ts';

const sorts = {
  users: 'users',
  installs: 'installations',
  conversations: 'conversations',
  messages: 'messages',
} as const;

export const isWhole = ({ differing }: Verified): boolean => differing === 0;

export const verdictOf = (verified: Verified): string =>
  isWhole(verified)
    ? `No difference: ${verified.compared.messages.copy} messages in ${verified.talks} conversations are the same on both sides.`
    : `${verified.differing} differences.`;

export const untilOf = ({ through }: Verified): string =>
  through > 0 ? `Messages up to ${new Date(through).toISOString()}` : 'All messages';

export function reportText(verified: Verified): string {
  const { compared, differences, differing, notTaken, saidHere } = verified;
  const rows = Object.entries(sorts).map(([sort, name]) => {
    const { source, copy, differing: other } = compared[sort as keyof typeof sorts];
    return `${name.padEnd(16)}${column(source)}${column(copy)}${column(other)}`;
  });
  return [
    `${''.padEnd(16)}${column('source')}${column('here')}${column('differing')}`,
    ...rows,
    `${untilOf(verified)} were compared; ${saidHere} were said here and are none of the source's.`,
    ...(differences.length > 0 ? ['', 'Differences:'] : []),
    ...differences.map(({ what, id, why }) => `  ${what} ${id}: ${why}`),
    ...(differing > differences.length ? [`  … and ${differing - differences.length} more`] : []),
    ...(notTaken.length > 0 ? ['', 'Not taken, and not counted as different:'] : []),
    ...notTaken.map(({ what, reason, count }) => `  ${count} × ${what}: ${reason}`),
    '',
    verdictOf(verified),
  ].join('\n');
}

const column = (value: string | number): string => String(value).padStart(12);
