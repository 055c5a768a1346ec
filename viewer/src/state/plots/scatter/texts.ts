import { notDrawn } from '../left_out';
import { offAxis } from '../log_axis';
import type { CsvColumn } from '../../texts/csv';
import { formatCount, formatCounted, formatRounded } from '../../texts/format';
import { NO_COLOUR, type Squares } from './scatter';
import type { DrawnScatter } from './scatter_plot';

const number = (value: number) => formatRounded(value).replace('-', '−');
// Twice, as a rounded -0.0001 would keep its sign.
const coefficient = (value: number) =>
  Number.isNaN(value) ? 'unknown' : Number(value.toFixed(3)).toFixed(3).replace('-', '−');

export function correlationText({ names, numbers, wanted }: DrawnScatter): string {
  const { n, pearson, spearman, axes } = numbers;
  const cells = formatCounted(n, 'cell');
  const constant = names.filter((_, at) => axes?.[at].count === 1);
  if (constant.length > 0)
    return `${cells}: Pearson and Spearman not defined (${n === 1 ? 'one cell' : `${constant.join(' and ')} ${constant.length > 1 ? 'are' : 'is'} constant`})`;
  const of = wanted.request.isLog ? ' of log1p' : '';
  return `${cells}: Pearson ${coefficient(pearson)}${of}, Spearman ${coefficient(spearman)}`;
}

export function leftOutText({ numbers, wanted, colours }: DrawnScatter): string {
  const { nMissing, nInfinite, points, most, n } = numbers;
  const isColoured = wanted.request.colours !== null;
  const sentences = [
    notDrawn(nMissing, 'without one of the values'),
    notDrawn(nInfinite, 'with an infinite value'),
    n > 0 && !points && 'Each square stands for its cells: the stronger its colour, the more.',
    n > 0 &&
      isColoured &&
      !points &&
      most !== null &&
      `Its colour is that of most of them, by ${colours.name}.`,
    n > 0 &&
      isColoured &&
      !points &&
      most === null &&
      `${colours.name} has too many categories to colour squares.`,
  ];
  return sentences.filter(Boolean).join(' ');
}

/** The values of a square, on the axes or off them. */
export function bounds({ low, high, count }: Squares, at: number, isLog: boolean): [number, number] {
  const edge = (place: number) => offAxis(low + ((high - low) * place) / count, isLog);
  return [edge(at), edge(at + 1)];
}

export function squareText({ names, numbers, wanted, colours }: DrawnScatter, square: number): string {
  const { axes, counts, most } = numbers;
  const [across, up] = axes!;
  const range = (axis: Squares, at: number) =>
    bounds(axis, at, wanted.request.isLog).map(number).join(' to ');
  const place =
    `${names[0]} ${range(across, square % across.count)}, ` +
    `${names[1]} ${range(up, Math.floor(square / across.count))}`;
  const colour =
    most && counts[square] > 0 && most[square] !== NO_COLOUR ? `, most ${colours.labels[most[square]]}` : '';
  return `${place}: ${formatCounted(counts[square], 'cell')} of ${formatCount(numbers.n)}${colour}`;
}

/** The numbers of the whole, and a line for each square with cells. */
export function scatterColumns({ names, numbers, wanted }: DrawnScatter): CsvColumn[] {
  const { axes, counts, n, pearson, spearman } = numbers;
  if (!axes) return [{ header: 'cells', texts: [] }];
  const [across, up] = axes;
  const filled = [...counts.keys()].filter((square) => counts[square] > 0);
  const ranges = filled.map((square) => [
    ...bounds(across, square % across.count, wanted.request.isLog),
    ...bounds(up, Math.floor(square / across.count), wanted.request.isLog),
  ]);
  const all = (header: string, value: number) => ({
    header,
    texts: filled.map(() => (Number.isNaN(value) ? '' : String(value))),
  });
  return [
    ...[`${names[0]}_from`, `${names[0]}_to`, `${names[1]}_from`, `${names[1]}_to`].map((header, at) => ({
      header,
      texts: ranges.map((range) => String(range[at])),
    })),
    { header: 'cells', texts: filled.map((square) => String(counts[square])) },
    all('all_cells', n),
    all('pearson', pearson),
    all('spearman', spearman),
  ];
}
