/**
 * An order of items in which similar ones are neighbours: the leaves of a tree made by average linkage of
 * Euclidean distances. Of two branches, the one with the item that came first is written first.
 *
 * `values` holds `width` numbers of each item. Items with a number that is NaN come last.
 */
export function linkageOrder(values: Float32Array, width: number): number[] {
  const count = width === 0 ? 0 : values.length / width;
  const rows = Array.from({ length: count }, (_, item) => values.subarray(item * width, (item + 1) * width));
  const whole = [...rows.keys()].filter((item) => !rows[item].some(Number.isNaN));
  const rest = [...rows.keys()].filter((item) => rows[item].some(Number.isNaN));
  const distances = whole.map((one) => whole.map((other) => distance(rows[one], rows[other])));
  // Null once it was merged into an earlier one.
  const clusters: (number[] | null)[] = whole.map((item) => [item]);
  for (let left = clusters.length; left > 1; left--) {
    const [one, other] = nearest(clusters, distances);
    const [a, b] = [clusters[one]!, clusters[other]!];
    for (const at of clusters.keys()) {
      const joined =
        (distances[one][at] * a.length + distances[other][at] * b.length) / (a.length + b.length);
      distances[one][at] = joined;
      distances[at][one] = joined;
    }
    clusters[one] = [...a, ...b];
    clusters[other] = null;
  }
  return [...(clusters[0] ?? []), ...rest];
}

/** The nearest two clusters, the earlier one first. */
function nearest(
  clusters: readonly (readonly number[] | null)[],
  distances: readonly (readonly number[])[],
): [number, number] {
  let found: [number, number] = [0, 0];
  let least = Infinity;
  for (let one = 0; one < clusters.length; one++) {
    if (!clusters[one]) continue;
    for (let other = one + 1; other < clusters.length; other++) {
      if (!clusters[other] || (distances[one][other] >= least && found[1] > 0)) continue;
      least = distances[one][other];
      found = [one, other];
    }
  }
  return found;
}

function distance(one: Float32Array, other: Float32Array): number {
  return Math.sqrt(one.reduce((sum, value, at) => sum + (value - other[at]) ** 2, 0));
}
