import type { CsvColumn } from '../../texts/csv';
import { groupColumns } from '../engine/groupings';
import { formatCount, formatCounted, formatRounded, formatShare } from '../../texts/format';
import type { ViolinMark } from './layout';
import type { DrawnViolins } from './violin_plot';
import { notDrawn } from '../left_out';
import { N_PLACES } from './density';
import { mostPoints, type Violin } from './violins';

const number = (value: number) => formatRounded(value).replace('-', '−');
const exact = (value: number) => (Number.isFinite(value) ? String(value) : '');

/** The name of a group of cells. */
export function groupText({ by, split }: DrawnViolins, violin: Violin): string {
  const names = by.name === '' ? by.labels[0] : `${by.name} ${by.labels[violin.by]}`;
  return split.name === '' ? names : `${names}, ${split.name} ${split.labels[violin.split]}`;
}

/** The numbers of a violin in words. */
export function violinText(drawn: DrawnViolins, violin: Violin): string {
  const { box, mean, n, nCells, nZero } = violin;
  const group = groupText(drawn, violin);
  if (!box) return `${group}: none of ${formatCounted(nCells, 'cell')} has a value to draw`;
  return (
    `${group}: median ${number(box.median)}, quartiles ${number(box.q1)} and ${number(box.q3)}, mean ${number(mean)}; ` +
    `${formatCounted(n, 'cell')}, ${formatShare(withValue(violin) - nZero, withValue(violin))} not zero`
  );
}

/** Cells with a finite value. */
function withValue({ nCells, nMissing, nInfinite }: Violin): number {
  return nCells - nMissing - nInfinite;
}

/** What is not drawn, and why. */
export function leftOutText({ by, split, numbers, wanted }: DrawnViolins): string {
  const { all, nOutside, nCategories } = numbers;
  const sum = (of: (violin: Violin) => number) => all.reduce((total, violin) => total + of(violin), 0);
  const are = (count: number) => (count === 1 ? 'is' : 'are');
  const [missing, infinite, zeros] = [sum((v) => v.nMissing), sum((v) => v.nInfinite), sum((v) => v.nZero)];
  const nDrawn = new Set(all.map((violin) => violin.by)).size;
  const groups = [by.name, split.name].filter((name) => name !== '').join(' or ');
  const sentences = [
    notDrawn(missing, 'without a value'),
    notDrawn(infinite, 'with an infinite value'),
    notDrawn(nOutside, `without ${groups}`),
    !wanted.request.withZeros && zeros > 0 && `${formatCounted(zeros, 'zero')} ${are(zeros)} left out.`,
    nDrawn < nCategories &&
      `The ${formatCount(nDrawn)} largest of ${formatCounted(nCategories, 'category')} are drawn.`,
  ];
  return sentences.filter(Boolean).join(' ');
}

/** Why there is nothing to draw; null if there is. */
export function nothingDrawn(drawn: DrawnViolins): string | null {
  const { all } = drawn.numbers;
  if (all.some(({ box }) => box !== null)) return null;
  if (all.some(({ nZero }) => nZero > 0)) return `All values of ${drawn.name} are 0, and zeros are left out.`;
  return `None of these cells has a value of ${drawn.name} to draw.`;
}

export function pointsText(nViolins: number): string {
  return `Points are at most ${formatCount(mostPoints(nViolins))} cells of each group.`;
}

/** What the axis of values stands for. */
export function axisTitle({ name, wanted }: DrawnViolins): string {
  const { withZeros, isLog } = wanted.request;
  const notes = [!withZeros && 'without zeros', isLog && 'log1p axis'].filter(Boolean);
  return notes.length > 0 ? `${name} (${notes.join(', ')})` : name;
}

/** A line for each group of cells. */
export function violinColumns(
  drawn: DrawnViolins,
  marks: readonly Pick<ViolinMark, 'violin'>[],
): CsvColumn[] {
  const all = marks.map(({ violin }) => violin);
  const column = (header: string, of: (violin: Violin) => number) => ({
    header,
    texts: all.map((violin) => exact(of(violin))),
  });
  return [
    ...columnsOfGroups(drawn, all),
    column('cells', ({ nCells }) => nCells),
    column('without_value', ({ nMissing }) => nMissing),
    column('infinite', ({ nInfinite }) => nInfinite),
    column('drawn', ({ n }) => n),
    column('share_not_zero', (violin) => 1 - violin.nZero / withValue(violin)),
    column('mean', ({ mean }) => mean),
    column('standard_deviation', ({ deviation }) => deviation),
    column('minimum', ({ box }) => box?.minimum ?? NaN),
    column('whisker_low', ({ box }) => box?.whiskers[0] ?? NaN),
    column('q1', ({ box }) => box?.q1 ?? NaN),
    column('median', ({ box }) => box?.median ?? NaN),
    column('q3', ({ box }) => box?.q3 ?? NaN),
    column('whisker_high', ({ box }) => box?.whiskers[1] ?? NaN),
    column('maximum', ({ box }) => box?.maximum ?? NaN),
    column('beyond_whiskers', ({ box }) => box?.nOutside ?? NaN),
    column('bandwidth', ({ density }) => density?.bandwidth ?? NaN),
  ];
}

/** A line for each place of each density, on the axis that is drawn. */
export function densityColumns(
  drawn: DrawnViolins,
  marks: readonly Pick<ViolinMark, 'violin'>[],
): CsvColumn[] {
  const all = marks.flatMap(({ violin }) =>
    violin.density
      ? Array.from(violin.density.values, (_, place) => ({ violin, density: violin.density!, place }))
      : [],
  );
  return [
    ...columnsOfGroups(
      drawn,
      all.map(({ violin }) => violin),
    ),
    {
      header: drawn.wanted.request.isLog ? 'log1p_value' : 'value',
      texts: all.map(({ density: { low, high }, place }) =>
        exact(low + ((high - low) * place) / (N_PLACES - 1)),
      ),
    },
    { header: 'density', texts: all.map(({ density, place }) => exact(density.values[place])) },
  ];
}

function columnsOfGroups({ by, split }: DrawnViolins, all: readonly Violin[]): CsvColumn[] {
  const named = groupColumns(
    by,
    all.map((violin) => violin.by),
    'cells_of',
  );
  return split.name === ''
    ? named
    : [
        ...named,
        ...groupColumns(
          split,
          all.map((violin) => violin.split),
        ),
      ];
}
