/** Three or four digits: for the ends of a colour bar. */
export function formatTick(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-3) return value.toExponential(2);
  return String(Number(value.toPrecision(4)));
}

/** Three digits, or all digits of a whole number: for a rough number. */
export function formatRounded(value: number): string {
  if (!Number.isFinite(value)) return String(value).replace('-', '−');
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e15) return String(value);
  if (size >= 1e9 || size < 1e-3) return value.toExponential(2);
  return size >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

const UNITS = ['B', 'kB', 'MB', 'GB'] as const;

/** In steps of 1,000, with two digits below ten. */
export function formatNbytes(nbytes: number): string {
  let [size, unit] = [nbytes, 0];
  while (size >= 999.5 && unit < UNITS.length - 1) [size, unit] = [size / 1000, unit + 1];
  return `${unit > 0 && size < 9.95 ? size.toFixed(1) : Math.round(size)} ${UNITS[unit]}`;
}

export function formatCount(count: number): string {
  return count.toLocaleString('en');
}

/** A number with its noun: `1 gene`, `1,200 genes`, `2 categories`. */
export function formatCounted(count: number, noun: string): string {
  return `${formatCount(count)} ${count === 1 ? noun : noun.replace(/([^aeiou])y$/, '$1ie') + 's'}`;
}

/** A percentage with one decimal. 0 and 100 are used only if exact. */
export function formatShare(count: number, total: number): string {
  const percent = (100 * count) / total;
  if (count > 0 && percent < 0.1) return 'less than 0.1 %';
  if (count < total && percent > 99.9) return 'more than 99.9 %';
  return `${Number(percent.toFixed(1))} %`;
}
