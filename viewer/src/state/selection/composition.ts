import { MISSING, type Codes } from '../filters/mask';
import { toCsv, withShown } from '../texts/csv';
import type { Cells } from './sets';

/** How many of some cells are in a category. */
export interface Share {
  /** `MISSING` for cells without a category. */
  readonly code: number;
  readonly label: string;
  /** The name that the page shows. */
  readonly shown: string;
  readonly count: number;
  /** Cells of the category in all. */
  readonly total: number;
}

/** Counts of all cells by code; the last is that of cells without a category. */
export function totalsOf({ codes, missing }: Codes, nLabels: number): Uint32Array {
  const totals = new Uint32Array(nLabels + 1);
  for (let cell = 0; cell < codes.length; cell++) totals[slotOf(codes[cell], missing, nLabels)]++;
  return totals;
}

/** The categories of some cells, the most frequent first. */
export function compositionOf(
  cells: Cells,
  { codes, missing }: Codes,
  labels: readonly string[],
  totals: Uint32Array,
  names = labels,
): Share[] {
  const counts = new Uint32Array(labels.length + 1);
  for (let at = 0; at < cells.length; at++) counts[slotOf(codes[cells[at]], missing, labels.length)]++;
  const parts: Share[] = [];
  counts.forEach((count, slot) => {
    if (count === 0) return;
    const isMissing = slot === labels.length;
    parts.push({
      code: isMissing ? MISSING : slot,
      label: isMissing ? 'missing' : labels[slot],
      shown: isMissing ? 'missing' : names[slot],
      count,
      total: totals[slot],
    });
  });
  return parts.sort((one, other) => other.count - one.count);
}

function slotOf(code: number, missing: number, nLabels: number): number {
  return code === missing || code >= nLabels ? nLabels : code;
}

export function compositionCsv(column: string, parts: readonly Share[]): string {
  const all = parts.reduce((sum, { count }) => sum + count, 0);
  const share = (count: number, of: number) => String(Number((count / of).toPrecision(6)));
  return toCsv([
    ...withShown(
      { header: column, texts: parts.map(({ code, label }) => (code === MISSING ? '' : label)) },
      parts.map(({ code, shown }) => (code === MISSING ? '' : shown)),
    ),
    { header: 'cells', texts: parts.map(({ count }) => String(count)) },
    { header: 'share', texts: parts.map(({ count }) => share(count, all)) },
    { header: 'share_of_category', texts: parts.map(({ count, total }) => share(count, total)) },
  ]);
}
