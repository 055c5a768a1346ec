import type { Paint } from '../colouring/paint';

export interface CsvColumn {
  readonly header: string;
  readonly texts: readonly string[];
}

/** Columns of the same length as CSV (RFC 4180): a line of headers, and a line for each row. */
export function toCsv(columns: readonly CsvColumn[]): string {
  const [first] = columns;
  const rows = first.texts.map((_, row) => columns.map(({ texts }) => texts[row]));
  return [columns.map(({ header }) => header), ...rows]
    .map((texts) => `${texts.map(quoted).join(',')}\r\n`)
    .join('');
}

/** The values of some cells that colour them, exactly; empty for a missing one. A column for each gene of a blend. */
export function paintedColumns(paint: Paint, label: string, cells: Uint32Array): CsvColumn[] {
  if (paint.kind === 'plain') return [];
  if (paint.kind === 'blend')
    return paint.genes.map(({ name, values }) => ({
      header: name,
      texts: Array.from(cells, (cell) => exactText(values[cell])),
    }));
  const textOf = (cell: number) => {
    const value = paint.values[cell];
    if (Number.isNaN(value)) return '';
    return paint.kind === 'category' ? paint.labels[value] : numberText(value, paint.base);
  };
  return [{ header: label, texts: Array.from(cells, textOf) }];
}

/** A float32 exactly; empty if it is no number. */
export function exactText(value: number): string {
  return Number.isNaN(value) ? '' : numberText(value, 0);
}

/** As few digits as tell a float32 from its neighbours. */
function numberText(value: number, base: number): string {
  if (base !== 0 || !Number.isFinite(value)) return String(Number((base + value).toPrecision(9)));
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}

function quoted(text: string): string {
  // Most readers skip an empty line.
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
