// Wild geese fly in the shape of 人. The mark of the page, and its only ornament.
const bird = (x: number, y: number, s: number): string =>
  `M${x - 6 * s} ${y}q${4 * s} ${-s} ${6 * s} ${3 * s}q${2 * s} ${-4 * s} ${6 * s} ${-3 * s}`;

const flock: readonly [number, number, number][] = [
  [60, 14, 1.25],
  [44, 27, 1.1],
  [77, 26, 1.1],
  [29, 41, 1],
  [94, 39, 1],
  [15, 56, 0.85],
  [110, 53, 0.85],
];

export const Geese = () => (
  <svg class="geese" viewBox="0 0 124 66" aria-hidden="true">
    {flock.map(([x, y, size], index) => (
      <path key={x} class={`goose goose-${index}`} d={bird(x, y, size)} />
    ))}
  </svg>
);
