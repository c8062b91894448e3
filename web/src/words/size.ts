import { t } from './t.ts';

/** Bytes in the unit that reads best; empty when it is no size at all. */
export function sizeOf(bytes: unknown): string {
  if (typeof bytes !== 'number' || !(bytes > 0)) return '';
  const units = ['B', 'KB', 'MB', 'GB'];
  const power = Math.min(3, Math.floor(Math.log2(bytes) / 10));
  const value = (bytes / 1024 ** power).toLocaleString(t().tag, { maximumFractionDigits: power > 1 ? 1 : 0 });
  return `${value} ${units[power]}`;
}
