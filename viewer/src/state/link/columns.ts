import * as v from 'valibot';
import type { Misses } from './misses';
import type { Session } from '../session';

/** The value of `sections=` if sections that are laid out have no names. */
const UNNAMED = 'unnamed';

/** Writes `labels=1` for the categories of the colours, or `names=COLUMN` for those of any other column. */
export function writeNames({ names, sections, colouring, bundle }: Session, link: URLSearchParams): void {
  if (!sections.on.value) link.set('sections', UNNAMED);
  if (!names.on.value) return;
  const isColoured = colouring.current.value.paint.kind === 'category';
  // If a gene colours the cells, the link must name the column.
  const meant = names.column.value ?? (isColoured ? null : colouring.lastCategories.value?.column);
  if (meant === null || meant === undefined) link.set('labels', '1');
  else link.set('names', bundle.columns[meant].name);
}

export async function readNames(session: Session, link: URLSearchParams, misses: Misses): Promise<void> {
  const { names, sections, bundle } = session;
  sections.on.value = link.get('sections') !== UNNAMED;
  const name = link.get('names');
  const column = bundle.columns.findIndex(
    (info) => info.name === name && ['category', 'bool'].includes(info.kind),
  );
  if (name !== null && column < 0) misses.add('the named column', name);
  names.on.value = column >= 0 || link.get('labels') === '1';
  await session.nameCategories(column >= 0 ? column : null);
}

/** Most columns from a link, which may be written by hand. */
const MOST_COLUMNS = 50;
const NamesSchema = v.array(v.string());

/** Writes `tooltip=`: the columns that were added to the tooltip, as a JSON list of names. */
export function writeTooltip({ details, bundle }: Session, link: URLSearchParams): void {
  const names = details.chosen.value.slice(0, MOST_COLUMNS).map((column) => bundle.columns[column].name);
  if (names.length > 0) link.set('tooltip', JSON.stringify(names));
}

export async function readTooltip(session: Session, link: URLSearchParams, misses: Misses): Promise<void> {
  const text = link.get('tooltip');
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), NamesSchema), text ?? '[]');
  if (!parsed.success) misses.add('the columns of the tooltip', text ?? '');
  const names = parsed.success ? parsed.output.slice(0, MOST_COLUMNS) : [];
  const columns = new Set<number>();
  for (const name of names) {
    const column = session.bundle.columns.findIndex((info) => info.name === name);
    if (column >= 0) columns.add(column);
    else misses.add('the column of the tooltip', name);
  }
  await session.chooseDetails([...columns]);
}
