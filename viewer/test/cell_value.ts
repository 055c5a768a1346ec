import type { Bundle } from '../src/bundle/bundle';
import { labelsOf, valueText } from '../src/state/texts/cell_value';

/** What the page would tell of a cell. */
export async function told(bundle: Bundle, column: number, cell: number): Promise<string | null> {
  const info = bundle.columns[column];
  if (info.kind === 'string') return bundle.texts(column).get(cell);
  return valueText(await bundle.column(column), labelsOf(bundle.columns[column]), cell);
}
