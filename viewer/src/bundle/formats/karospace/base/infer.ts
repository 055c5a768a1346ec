import type { ColumnInfo, ColumnValues } from '../../../bundle';

/** A text column with more distinct values gets no colours; the stream layer has the same limit. */
export const MAX_CATEGORIES = 4096;

type Json = string | number | boolean | null;

/** One column from JSON: its kind and its values. */
export interface InferredColumn {
  readonly info: ColumnInfo;
  readonly values: ColumnValues | null;
  /** The value of a cell as text; null is missing. */
  readonly cell: (cell: number) => string | null;
  readonly allMissing: boolean;
}

/** JSON tables do not state the kind of a column, so it follows from the values. */
export function inferColumn(name: string, cells: readonly Json[]): InferredColumn {
  const kinds = new Set(cells.filter((value) => value !== null).map((value) => typeof value));
  const cell = (index: number) => {
    const value = cells[index] ?? null;
    return value === null ? null : String(value);
  };
  const allMissing = kinds.size === 0;
  if (kinds.size === 1 && kinds.has('number')) {
    const values = Float64Array.from(cells, (value) => (value === null ? NaN : (value as number)));
    return { info: { name, kind: 'number' }, values: { kind: 'numbers', values }, cell, allMissing };
  }
  if (kinds.size === 1 && kinds.has('boolean')) {
    const codes = Uint8Array.from(cells, (value) => (value === null ? 255 : Number(value)));
    return { info: { name, kind: 'bool' }, values: { kind: 'codes', codes, missing: 255 }, cell, allMissing };
  }
  return { ...inferText(name, cells), cell, allMissing };
}

function inferText(name: string, cells: readonly Json[]): Pick<InferredColumn, 'info' | 'values'> {
  const distinct = new Set(cells.filter((value) => value !== null).map(String));
  if (distinct.size > MAX_CATEGORIES) return { info: { name, kind: 'string' }, values: null };
  const categories = [...distinct].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const codeOf = new Map(categories.map((category, code) => [category, code]));
  const missing = 65535;
  const codes = Uint16Array.from(cells, (value) => (value === null ? missing : codeOf.get(String(value))!));
  return {
    info: { name, kind: 'category', categories, colors: null },
    values: { kind: 'codes', codes, missing },
  };
}
