// What is made of repeated measurements.

/** The value below which `share` of them lie; 0 of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** A figure as it came out over the rounds. */
export type Figure = { readonly median: number; readonly min: number; readonly max: number };

export const figure = (values: readonly number[]): Figure => ({
  median: median(values),
  min: Math.min(...values),
  max: Math.max(...values),
});

/** Round by round, so that what slows the machine down for a moment slows both. */
export const ratio = (ours: readonly number[], theirs: readonly number[]): Figure =>
  figure(ours.map((value, n) => value / (theirs[n] ?? Number.NaN)));

/** Slope of the straight line through the points, both sides as logarithms: 1 is proportional, 0 is flat. */
export function slope(points: readonly (readonly [size: number, cost: number])[]): number {
  const logs = points.map(([size, cost]) => [Math.log(size), Math.log(cost)] as const);
  const [meanX, meanY] = [0, 1].map((side) => logs.reduce((sum, log) => sum + (log[side] ?? 0), 0) / logs.length) as [
    number,
    number,
  ];
  const up = logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const across = logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return up / across;
}
