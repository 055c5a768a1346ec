import { anndataReader } from './anndata/format_reader';
import { cellucidReader } from './cellucid/format_reader';
import type { FormatReader } from './format';
import { karospaceReader } from './karospace/format_reader';
import type { FormatName } from './registry';

/** One for each format of the registry. */
export const READERS: Readonly<Record<FormatName, FormatReader>> = {
  karospace: karospaceReader,
  cellucid: cellucidReader,
  anndata: anndataReader,
};
