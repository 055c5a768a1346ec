import { promisesLabels } from '../../../column_names';
import type { ColumnReader } from './column_reader';
import { isWhole, NumberedColumn, type ObsColumn } from './columns';

/** As in the exporter (`formats/columns/number_labels.py`). */
const FEWEST = 2;
const MOST = 100;
/** Most values to read before anything is shown; with more cells or columns, further columns stay numbers. */
const MOST_VALUES = 2 ** 26;

/** The columns, those of whole numbers that are labels by name and number of values as categories. Reads these. */
export async function withNumberLabels(
  reader: ColumnReader,
  columns: readonly ObsColumn[],
): Promise<readonly ObsColumn[]> {
  const { documents } = reader.reader.store;
  const promising = columns
    .filter((column) => promisesLabels(column.info.name) && isWhole(documents, column))
    .slice(0, Math.floor(MOST_VALUES / Math.max(1, reader.nCells)));
  const found = await Promise.all(
    // An unreadable column is an error once it is chosen.
    promising.map((column) => distinct(reader, column).catch(() => null)),
  );
  return columns.map((column) => {
    const numbers = found[promising.indexOf(column)];
    return numbers ? { ...column, info: new NumberedColumn(column.info.name, numbers) } : column;
  });
}

/** The distinct values, ascending; null if they are too few or too many for labels. */
async function distinct(reader: ColumnReader, column: ObsColumn): Promise<number[] | null> {
  const read = await reader.whole(column);
  if (read.kind !== 'numbers') return null;
  const seen = new Set<number>();
  for (const value of read.values) {
    if (!Number.isNaN(value)) seen.add(value);
    if (seen.size > MOST) return null;
  }
  return seen.size < FEWEST ? null : [...seen].sort((a, b) => a - b);
}
