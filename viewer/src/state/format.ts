import type { CellValue } from '../bundle/bundle';

/** The shortest decimal that is the same float32: 0.1, not 0.10000000149011612. */
export function formatSingle(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}

export function formatCellValue({ value, single }: CellValue): string {
  if (value === null) return '—';
  return typeof value === 'number' && single ? formatSingle(value) : String(value);
}

/** For the ends of a colour bar: three or four digits. */
export function formatTick(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-3) return value.toExponential(2);
  return String(Number(value.toPrecision(4)));
}

/** Three digits, and all of a whole number below a million: for a number that is glanced at. */
export function formatRounded(value: number): string {
  if (!Number.isFinite(value)) return String(value).replace('-', '−');
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e6) return String(value);
  if (size >= 1e6 || size < 1e-3) return value.toExponential(2);
  return size >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

export function formatCount(count: number): string {
  return count.toLocaleString('en');
}

/** Of a hundred, with one decimal. Neither none nor all is said where it is not so. */
export function formatShare(count: number, total: number): string {
  const percent = (100 * count) / total;
  if (count > 0 && percent < 0.1) return 'less than 0.1 %';
  if (count < total && percent > 99.9) return 'more than 99.9 %';
  return `${Number(percent.toFixed(1))} %`;
}
