import { findName } from '../../lists/find_name';
import type { Session } from '../../session';
import { nameOf } from '../../tissue/sections/arrange';
import {
  namedOrientations,
  NamedOrientationsSchema,
  setOrientations,
} from '../../tissue/sections/orientation_file';
import type { SectionsState } from '../../tissue/sections/sections';
import * as v from 'valibot';
import { missed, type Misses } from '../misses';

/** Most letters of the orientations; longer ones are in session files only. */
const LONGEST = 2000;

/** Whether there is a grid of panels, and how sections are turned. */
export function writeSections({ tissue, view }: Session, link: URLSearchParams): void {
  const { sections } = tissue;
  if (!sections.info) return;
  const [mode, section] = [sections.mode.value, sections.section.value];
  const moved = (view.embedding.value?.index ?? 0) > 0 || view.moved.value !== null;
  // A link with an embedding or a camera shows one picture, unless it says otherwise.
  if (section === null && (mode !== sections.usualMode || (mode === 'grid' && moved)))
    link.set('panels', mode === 'grid' ? 'grid' : 'none');
  const text = orientationsText(sections);
  if (text !== null && text.length <= LONGEST) link.set('turned', text);
}

/** The orientations as they stand in a link; null without any. */
export function orientationsText(sections: SectionsState): string | null {
  const named = namedOrientations(sections);
  return named.length > 0 ? JSON.stringify(named) : null;
}

/** Whether the orientations are too long for a link. */
export function areTooLong(sections: SectionsState): boolean {
  return (orientationsText(sections)?.length ?? 0) > LONGEST;
}

/** Follows the link of a section that is shown large: then there are no panels. */
export function readSections(sections: SectionsState, link: URLSearchParams, misses: Misses): void {
  const panels = link.get('panels');
  const isOne = panels === 'none' || link.has('embedding') || link.has('view');
  if (sections.section.peek() === null) {
    if (panels === 'grid' || (!isOne && sections.usualMode === 'grid')) sections.showGrid();
    else sections.showAll();
  }
  readOrientations(sections, link, misses);
}

function readOrientations(sections: SectionsState, link: URLSearchParams, misses: Misses): void {
  const text = link.get('turned');
  let json: unknown = null;
  try {
    json = JSON.parse(text ?? '[]');
  } catch {
    // Reported below, as is another value.
  }
  const result = v.safeParse(NamedOrientationsSchema, json);
  if (!result.success || !sections.info) missed(misses, link, 'turned', 'how sections are turned');
  if (!result.success) return;
  for (const unknown of setOrientations(sections, result.output)) misses.add('the section', nameOf(unknown));
}

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
