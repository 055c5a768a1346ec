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

/**
 * The values of some cells that colour them, exactly; empty for a missing one. A column for each gene of a blend.
 * Categories that have other names on the page have a second column.
 */
export function paintedColumns(
  paint: Paint,
  label: string,
  names: readonly string[],
  cells: Uint32Array,
): CsvColumn[] {
  if (paint.kind === 'plain') return [];
  if (paint.kind === 'blend')
    return paint.genes.map(({ name, values }) => ({
      header: name,
      texts: Array.from(cells, (cell) => exactText(values[cell])),
    }));
  if (paint.kind === 'category') {
    const codes = Array.from(cells, (cell) => paint.values[cell]);
    const column = { header: label, texts: codes.map((code) => paint.labels[code] ?? '') };
    return withShown(column, names === paint.labels ? null : codes.map((code) => names[code] ?? ''));
  }
  const textOf = (cell: number) => {
    const value = paint.values[cell];
    return Number.isNaN(value) ? '' : numberText(value, paint.base);
  };
  return [{ header: label, texts: Array.from(cells, textOf) }];
}

/** A column of categories, and one of the names that the page shows instead, if there are other ones. */
export function withShown(column: CsvColumn, shown: readonly string[] | null): CsvColumn[] {
  if (!shown || shown.every((text, row) => text === column.texts[row])) return [column];
  return [column, { header: `${column.header} (as shown)`, texts: shown }];
}

/** A column of categories by their codes, empty for others: the data's names, and those that the page shows, if there are other ones. */
export function namedColumns(
  header: string,
  codes: readonly number[],
  names: readonly string[],
  shown: readonly string[],
): CsvColumn[] {
  const textsOf = (of: readonly string[]) => codes.map((code) => of[code] ?? '');
  return withShown({ header, texts: textsOf(names) }, textsOf(shown));
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
