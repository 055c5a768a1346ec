import type { CategoryInfo, ColumnInfo } from '../../../bundle';
import { quotedNames } from '../../../quoted';
import type { Documents } from '../zarr/documents';

/** How the values of a column are stored. */
export type Storage = 'codes' | 'array' | 'masked' | 'texts' | 'masked texts';

export interface ObsColumn {
  readonly info: ColumnInfo | LabelledColumn | NumberedColumn;
  readonly path: string;
  readonly storage: Storage;
}

/** A categorical column. Its categories are an array of their own, read with the column. */
export class LabelledColumn implements CategoryInfo {
  readonly kind = 'category';
  /** Their number is right from the beginning; their names are known once the column is loaded. */
  categories: readonly string[];
  colors: readonly string[] | null = null;

  constructor(
    readonly name: string,
    count: number,
  ) {
    this.categories = new Array<string>(count).fill('');
  }
}

/** A column of whole numbers that are labels, such as clusters. */
export class NumberedColumn implements CategoryInfo {
  readonly kind = 'category';
  readonly categories: readonly string[];
  readonly codes: ReadonlyMap<number, number>;
  colors: readonly string[] | null = null;

  /** `numbers` are the distinct ones, ascending. */
  constructor(
    readonly name: string,
    numbers: readonly number[],
  ) {
    this.categories = numbers.map(String);
    this.codes = new Map(numbers.map((value, code) => [value, code]));
  }
}

/** With more names than this they are no categories, but names of cells or a false claim. */
const MOST_CATEGORIES = 2 ** 20;

const BOOL = /^(\|b1|bool)$/;
const TEXT = /^(\|O|string|[<>|][US]\d+)$/;
const WHOLE = /^([<>|][iu][1248]|u?int(8|16|32|64))$/;
const NUMBER = /^([<>|][fiu][1248]|(float|u?int)(8|16|32|64))$/;

/** Columns of obs in the store's order, and the names of columns that this page cannot show. */
export function columnsOf(
  documents: Documents,
  keys: readonly string[],
): { columns: ObsColumn[]; unknown: string[] } {
  const columns: ObsColumn[] = [];
  const unknown: string[] = [];
  for (const key of keys) {
    const column = columnOf(documents, key);
    if (column) columns.push(column);
    else unknown.push(documents.nameOf('obs', key));
  }
  return { columns, unknown };
}

function columnOf(documents: Documents, key: string): ObsColumn | null {
  const path = `obs/${key}`;
  const name = documents.nameOf('obs', key);
  const kind = documents.kind(path);
  const encoding = documents.encoding(path);
  if (kind === 'array') return arrayColumn(name, path, documents.array(path).dtype);
  if (kind !== 'group') return null;
  switch (encoding) {
    case 'categorical': {
      const [count] = documents.array(documents.texts(`${path}/categories`)).shape;
      const isShown = count <= MOST_CATEGORIES;
      const info = isShown ? new LabelledColumn(name, count) : ({ name, kind: 'string' } as const);
      return { info, path, storage: 'codes' };
    }
    case 'nullable-integer':
      return { info: { name, kind: 'number' }, path, storage: 'masked' };
    case 'nullable-boolean':
      return { info: { name, kind: 'bool' }, path, storage: 'masked' };
    case 'nullable-string-array':
      return { info: { name, kind: 'string' }, path, storage: 'masked texts' };
    default:
      return null;
  }
}

function arrayColumn(name: string, path: string, dtype: string): ObsColumn | null {
  if (BOOL.test(dtype)) return { info: { name, kind: 'bool' }, path, storage: 'array' };
  if (NUMBER.test(dtype)) return { info: { name, kind: 'number' }, path, storage: 'array' };
  if (TEXT.test(dtype)) return { info: { name, kind: 'string' }, path, storage: 'texts' };
  return null;
}

/** Whether a column holds whole numbers. */
export function isWhole(documents: Documents, { info, path, storage }: ObsColumn): boolean {
  if (info.kind !== 'number') return false;
  return storage === 'masked' || (storage === 'array' && WHOLE.test(documents.array(path).dtype));
}

export function unknownNotes(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  return [`The page cannot show ${quotedNames(names)} of obs, because it does not know the encoding.`];
}
