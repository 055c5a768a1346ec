import type { Marks } from '../../bytes/folder/marks';
import { anndata } from './anndata/format';
import { cellucid } from './cellucid/format';
import type { Format } from './format';
import { karospace } from './karospace/format';

/** Every format, in the order in which they are offered. A new one also needs its reader in `readers.ts`. */
export const FORMATS = [karospace, cellucid, anndata] as const satisfies readonly Format[];
export type FormatName = (typeof FORMATS)[number]['name'];

/** The file that lists several bundles. */
export const CATALOG_FILE = 'datasets.json';

const ALL: readonly Format[] = FORMATS;

/** Files that make a folder a bundle or a list, in the order in which they are tried. */
export const MARKS: Marks = [
  ...ALL.flatMap(({ marks }) => marks),
  { file: CATALOG_FILE },
  ...ALL.flatMap(({ rareMarks }) => rareMarks),
];

/** What people call a format; its name if it is unknown. */
export function titleOf(name: string): string {
  return ALL.find((each) => each.name === name)?.title ?? name;
}

/** The format of a mark; null for the mark of a list. */
export function formatOfMark(mark: string): FormatName | null {
  const format = FORMATS.find(({ marks, rareMarks }) => hasFile([...marks, ...rareMarks], mark));
  return format?.name ?? null;
}

/** The file to look for first in a bundle of this format; null if the format is unknown. */
export function firstMarkOf(name: string | undefined): string | null {
  const format = ALL.find((each) => each.name === name);
  return format ? [...format.marks, ...format.rareMarks][0].file : null;
}

/** The order of marks for a bundle that should have `mark`: that one first, and a rare one with its kind. */
export function orderFrom(mark: string | null | undefined): readonly string[] {
  const all = MARKS.map(({ file }) => file);
  if (mark === null || mark === undefined) return all;
  const alike = ALL.find(({ rareMarks }) => hasFile(rareMarks, mark))?.rareMarks ?? [];
  return [...new Set([mark, ...alike.map(({ file }) => file), ...all])];
}

function hasFile(marks: Marks, mark: string): boolean {
  return marks.some(({ file }) => file === mark);
}
