import type { Session } from '../session';
import { findName } from '../lists/find_name';
import type { Misses } from './misses';

/** The section that is shown alone. Those without a name have an empty one. */
export function writeSection({ tissue: { sections } }: Session, link: URLSearchParams): void {
  const section = sections.section.value;
  if (section !== null) link.set('section', sections.info?.items[section].name ?? '');
}

export function readSection({ tissue: { sections } }: Session, link: URLSearchParams, misses: Misses): void {
  const name = link.get('section');
  if (name === null) {
    if (sections.section.peek() !== null) sections.showGrid();
    return;
  }
  const items = sections.info?.items ?? [];
  const nameless = name === '' ? items.findIndex((item) => item.name === null) : -1;
  const named = findName([items.map((item) => item.name ?? '')], name);
  if (nameless >= 0) sections.open(nameless);
  else if (named.index >= 0) sections.open(named.index);
  else misses.add('the section', name, named.similar);
}
