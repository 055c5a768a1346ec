import type { Enrichment, NeighbourGroups, Neighbourhoods } from '../../../bundle/statistics';
import { namedColumns, type CsvColumn } from '../../texts/csv';
import { formatCount } from '../../texts/format';
import { statisticText } from '../table';

/** Pixels: two groups meet in a square of this side. */
export const SQUARE = 20;
const CHARACTER = 8.2;
const LONGEST = { row: 26, column: 16 } as const;
const GAP = 8;
/** In the corner above the rows. */
const LEGEND = { height: 50, bar: 110 } as const;
/** More squares would make the page slow. */
const MOST_SQUARES = 22_500;
/** Of the z-scores, so many are within the range of colours. */
const WITHIN = 0.95;

export interface MatrixLabel {
  readonly name: string;
  readonly at: number;
}
export interface MatrixSquare {
  readonly x: number;
  readonly y: number;
  /** From -1 to 1; 0 is no more and no less than by chance. */
  readonly share: number;
}
export interface MatrixLayout {
  readonly width: number;
  readonly height: number;
  readonly x: number;
  readonly y: number;
  readonly rows: readonly MatrixLabel[];
  readonly columns: readonly MatrixLabel[];
  /** None where there is no z-score. */
  readonly squares: readonly MatrixSquare[];
  readonly bar: { readonly x: number; readonly width: number; readonly low: string; readonly high: string };
}

/** Whether there are few enough groups to draw. */
export function isDrawn({ categories }: NeighbourGroups): boolean {
  return categories.length ** 2 <= MOST_SQUARES;
}

/** The z-score that has the strongest colour: 95 of 100 are smaller, whatever their sign. */
export function strongest(zScores: Float64Array): number {
  const sizes = zScores.filter(Number.isFinite).map(Math.abs).sort();
  if (sizes.length === 0) return 1;
  return sizes[Math.min(sizes.length - 1, Math.ceil(WITHIN * sizes.length) - 1)] || 1;
}

/** Where everything of the matrix lies: a group in each row, its neighbours in columns. */
export function layOutMatrix({ zScores }: Enrichment, { categories }: NeighbourGroups): MatrixLayout {
  const nGroups = categories.length;
  const [names, above] = [LONGEST.row, LONGEST.column].map((most) =>
    categories.map((name) => shorten(name, most)),
  );
  const x = Math.max(LEGEND.bar + GAP, widthOf(names)) + GAP;
  const y = Math.max(LEGEND.height, widthOf(above)) + GAP;
  const limit = strongest(zScores);
  const squares: MatrixSquare[] = [];
  for (const [cell, z] of zScores.entries()) {
    if (Number.isNaN(z)) continue;
    const [row, column] = [Math.floor(cell / nGroups), cell % nGroups];
    const share = Math.max(-1, Math.min(1, z / limit));
    squares.push({ x: x + column * SQUARE, y: y + row * SQUARE, share });
  }
  const labels = (texts: readonly string[], start: number) =>
    texts.map((name, at) => ({ name, at: start + (at + 0.5) * SQUARE }));
  const end = statisticText(limit, 'number');
  return {
    width: x + nGroups * SQUARE + GAP,
    height: y + nGroups * SQUARE + GAP,
    x,
    y,
    rows: labels(names, y),
    columns: labels(above, x),
    squares,
    bar: { x: GAP, width: LEGEND.bar, low: `−${end}`, high: end },
  };
}

/** The group of the row and that of the column at a point. */
export function pairAt({ x, y, rows }: MatrixLayout, atX: number, atY: number): [number, number] | null {
  const [column, row] = [Math.floor((atX - x) / SQUARE), Math.floor((atY - y) / SQUARE)];
  const isInside = column >= 0 && row >= 0 && column < rows.length && row < rows.length;
  return isInside ? [row, column] : null;
}

/** The numbers of two groups, as a sentence. */
export function pairText(
  { zScores, counts }: Enrichment,
  { categories }: NeighbourGroups,
  [row, column]: readonly [number, number],
): string {
  const at = row * categories.length + column;
  const z = zScores[at];
  const score = Number.isNaN(z) ? 'no z-score' : `z ${statisticText(z, 'number')}`;
  return `${categories[row]} → ${categories[column]}: ${score}, ${formatCount(counts[at])} neighbours`;
}

/** All pairs of groups by falling z-score; those without one come last. */
export function sortedPairs({ zScores }: Enrichment): Uint32Array {
  return Uint32Array.from(zScores.keys()).sort((a, b) => {
    const [one, other] = [zScores[a], zScores[b]];
    if (Number.isNaN(one) || Number.isNaN(other))
      return Number(Number.isNaN(one)) - Number(Number.isNaN(other)) || a - b;
    return other - one || a - b;
  });
}

/** A line for each two groups. */
export function pairsColumns(
  { zScores, counts }: Enrichment,
  { categories }: NeighbourGroups,
  shown: readonly string[] = categories,
): CsvColumn[] {
  const cells = [...zScores.keys()];
  const nGroups = categories.length;
  return [
    ...namedColumns(
      'group',
      cells.map((cell) => Math.floor(cell / nGroups)),
      categories,
      shown,
    ),
    ...namedColumns(
      'neighbour',
      cells.map((cell) => cell % nGroups),
      categories,
      shown,
    ),
    { header: 'count', texts: cells.map((cell) => String(counts[cell])) },
    {
      header: 'zscore',
      texts: cells.map((cell) => (Number.isNaN(zScores[cell]) ? '' : String(zScores[cell]))),
    },
  ];
}

/** How the numbers were computed, as a sentence. */
export function neighbourFacts({ graph, permutations, seed }: Neighbourhoods): string {
  return (
    `Neighbours on the graph ${graph}, from a cell of the group to one of the other. z compares their number with ` +
    `${formatCount(permutations ?? 0)} shuffles of the groups among the cells (seed ${seed ?? 0}): above 0, they are ` +
    'neighbours more often than by chance. There is none if all shuffles gave the same number.'
  );
}

/** A name of at most so many letters. */
export function shorten(name: string, most: number): string {
  const letters = [...name];
  return letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : name;
}

function widthOf(names: readonly string[]): number {
  return Math.max(2, ...names.map((name) => [...name].length)) * CHARACTER;
}
