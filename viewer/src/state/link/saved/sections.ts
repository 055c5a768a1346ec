import * as v from 'valibot';
import { areTooLong } from '../tissue/sections';
import { nameOf, type FactValue } from '../../tissue/sections/arrange';
import {
  namedOrientations,
  NamedOrientationsSchema,
  setOrientations,
} from '../../tissue/sections/orientation_file';
import { definePart } from './part';

const ValueSchema = v.nullable(v.union([v.string(), v.number(), v.boolean()]));

/** How sections are turned, which of them have panels, and in which order. Columns of metadata are named. */
export const sectionsPart = definePart({
  key: 'sections',
  name: 'the panels of sections',
  schema: v.object({
    orientations: NamedOrientationsSchema,
    /** A column of the metadata; `null` for one of `sort`. */
    sortColumn: v.nullable(v.string()),
    sort: v.picklist(['name', 'cells']),
    isReversed: v.boolean(),
    chosen: v.array(v.object({ column: v.string(), values: v.array(ValueSchema) })),
    search: v.pipe(v.string(), v.maxLength(1000)),
    isFitted: v.boolean(),
  }),
  save: ({ tissue: { sections } }) => {
    const metadata = sections.info?.metadata ?? [];
    const { by, isReversed } = sections.sort.peek();
    return {
      orientations: namedOrientations(sections),
      sortColumn: typeof by === 'number' ? metadata[by].name : null,
      sort: typeof by === 'number' ? 'name' : by,
      isReversed,
      chosen: [...sections.chosen.peek()].map(([column, values]) => ({
        column: metadata[column].name,
        values: [...values],
      })),
      search: sections.search.peek(),
      isFitted: sections.isFitted.peek(),
    };
  },
  load: ({ tissue: { sections } }, value, misses) => {
    const columnOf = (name: string): number | null => {
      const column = sections.info?.metadata.findIndex((facts) => facts.name === name) ?? -1;
      if (column < 0) misses.add('the metadata of sections', name);
      return column < 0 ? null : column;
    };
    for (const unknown of setOrientations(sections, value.orientations))
      misses.add('the section', nameOf(unknown));
    const by = value.sortColumn === null ? null : columnOf(value.sortColumn);
    sections.sort.value = { by: by ?? value.sort, isReversed: value.isReversed };
    const chosen = new Map<number, ReadonlySet<FactValue>>();
    for (const { column, values } of value.chosen) {
      const number = columnOf(column);
      if (number !== null) chosen.set(number, new Set(values));
    }
    sections.chosen.value = chosen;
    sections.search.value = value.search;
    sections.isFitted.value = value.isFitted;
  },
  notInLink: ({ tissue: { sections } }) => (areTooLong(sections) ? ['how sections are turned'] : []),
});
