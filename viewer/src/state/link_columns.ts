import type { Misses } from './link_misses';
import type { Session } from './session';

/** `labels=1`: those that the colours are of; `names=COLUMN`: a column's, whatever the cells are coloured by. */
export function writeNames({ names, colouring, bundle }: Session, link: URLSearchParams): void {
  if (!names.on.value) return;
  const isColoured = colouring.current.value.paint.kind === 'category';
  // Of a gene nobody could tell which column was meant.
  const meant = names.column.value ?? (isColoured ? null : colouring.lastCategories.value?.column);
  if (meant === null || meant === undefined) link.set('labels', '1');
  else link.set('names', bundle.columns[meant].name);
}

export async function readNames(session: Session, link: URLSearchParams, misses: Misses): Promise<void> {
  const { names, bundle } = session;
  const name = link.get('names');
  const column = bundle.columns.findIndex(
    (info) => info.name === name && ['category', 'bool'].includes(info.kind),
  );
  if (name !== null && column < 0) misses.add('the named column', name);
  names.on.value = column >= 0 || link.get('labels') === '1';
  await session.nameCategories(column >= 0 ? column : null);
}
