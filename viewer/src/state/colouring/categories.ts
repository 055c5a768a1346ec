import { signal } from '@preact/signals-core';
import type { Bundle } from '../../bundle/bundle';
import { moved, sortCategories, type Sort } from '../lists/category_order';
import { labelsOf } from '../texts/cell_value';
import { categoryColors } from './palette';
import { paletteColors, type PaletteName } from './qualitative';

/** What the user changed about the categories of a column. Keys are the data's own names, as in links and files. */
export interface CategoryEdits {
  /** Names for display. */
  readonly names: ReadonlyMap<string, string>;
  /** `#rrggbb`. */
  readonly colors: ReadonlyMap<string, string>;
  /** The colours of the others; null for those of the file, or ours. */
  readonly palette: PaletteName | null;
  readonly sort: Sort;
  /** The order that the user made, for the sort `own`; others follow. */
  readonly order: readonly string[];
}

/** Groups of cells that are the categories of a column. */
interface OfColumn {
  readonly column: string;
  readonly categories: readonly string[];
}

const NO_EDITS: CategoryEdits = {
  names: new Map(),
  colors: new Map(),
  palette: null,
  sort: 'data',
  order: [],
};

/**
 * Names, colours and order of categories as the page shows them, with what the user changed: legends, labels,
 * tooltips, plots and figures take them from here, as `session.categories`. Filters and links have the data's own
 * names instead, `labelsOf`.
 *
 * `namesOf(column)[code]` is the name of a category, `colorsOf(column, counts)[code]` its colour; `counts` are the
 * cells of each category in the whole bundle. Both read a signal, and return the same array until something changes.
 */
export class Categories {
  /** By column; immutable. Columns without changes are not in it. */
  readonly edits = signal<ReadonlyMap<number, CategoryEdits>>(new Map());
  readonly #names = new Remembered<readonly string[]>();
  readonly #colors = new Remembered<readonly string[]>();
  readonly #orders = new Remembered<Uint32Array | null>();
  readonly #groupings = new Remembered<OfColumn>();

  constructor(private readonly bundle: Bundle) {}

  editsOf(column: number): CategoryEdits {
    return this.edits.value.get(column) ?? NO_EDITS;
  }

  /** The names to show, by code. */
  namesOf(column: number): readonly string[] {
    const labels = labelsOf(this.bundle.columns[column]);
    const { names } = this.editsOf(column);
    if (names.size === 0) return labels;
    return this.#names.of(labels, [names], () => labels.map((label) => names.get(label) ?? label));
  }

  /** The names to show of categories that are known by their column's name and their own. */
  shownNames(columnName: string, labels: readonly string[]): readonly string[] {
    const column = this.bundle.columns.findIndex(({ name }) => name === columnName);
    const { names } = this.editsOf(column);
    if (names.size === 0) return labels;
    // Files may have a yes or no in other letters.
    const isBool = this.bundle.columns[column].kind === 'bool';
    return labels.map((label) => names.get(isBool ? label.toLowerCase() : label) ?? label);
  }

  /** Compared groups of a column under the names to show. */
  withShownNames<Groups extends OfColumn>(groups: Groups): Groups {
    const { column, categories } = groups;
    const { names } = this.editsOf(this.bundle.columns.findIndex(({ name }) => name === column));
    if (names.size === 0) return groups;
    const make = () => ({ ...groups, categories: this.shownNames(column, categories) });
    return this.#groupings.of(groups, [names], make) as Groups;
  }

  /** The colours by code, as `#rrggbb` or `rgb(…)`. `counts` has the cells of each category in the whole bundle. */
  colorsOf(column: number, counts: Uint32Array): readonly string[] {
    const info = this.bundle.columns[column];
    const given = info.kind === 'category' ? info.colors : null;
    const { palette, colors } = this.editsOf(column);
    return this.#colors.of(counts, [given, palette, colors], () => {
      const all = palette ? paletteColors(palette, counts) : categoryColors(counts, given);
      if (colors.size > 0)
        labelsOf(info).forEach((label, code) => {
          all[code] = colors.get(label) ?? all[code];
        });
      return all;
    });
  }

  /** The codes in the order to list them; null for their own order. */
  orderOf(column: number, counts: Uint32Array): Uint32Array | null {
    const { sort, order } = this.editsOf(column);
    const labels = labelsOf(this.bundle.columns[column]);
    const names = this.namesOf(column);
    return this.#orders.of(counts, [sort, order, labels, sort === 'name' ? names : null], () =>
      sortCategories({ sort, labels, names, counts, order }),
    );
  }

  /** Changes something of a column. */
  change(column: number, change: Partial<CategoryEdits>): void {
    const next = { ...this.editsOf(column), ...change };
    const all = new Map(this.edits.peek());
    if (isUnchanged(next)) all.delete(column);
    else all.set(column, next);
    this.edits.value = all;
  }

  /** Moves a category in the list; the order is the user's own from then on. */
  move(column: number, counts: Uint32Array, from: number, to: number): void {
    const labels = labelsOf(this.bundle.columns[column]);
    const codes = this.orderOf(column, counts);
    const order = moved(codes ? Array.from(codes, (code) => labels[code]) : labels, from, to);
    this.change(column, { sort: 'own', order });
  }

  /** Takes all changes of a column back. */
  reset(column: number): void {
    this.change(column, NO_EDITS);
  }

  /** Gives a category a name for display; its own name takes the change back, as does an empty one. */
  rename(column: number, label: string, name: string): void {
    const names = new Map(this.editsOf(column).names);
    const wanted = name.trim();
    if (wanted === '' || wanted === label) names.delete(label);
    else names.set(label, wanted.slice(0, LONGEST_NAME));
    this.change(column, { names });
  }

  /** Gives a category a colour; null for the one that it has without a choice. */
  recolour(column: number, label: string, color: string | null): void {
    const colors = new Map(this.editsOf(column).colors);
    if (color === null) colors.delete(label);
    else colors.set(label, color);
    this.change(column, { colors });
  }
}

/** Longer names would not fit on the page. */
export const LONGEST_NAME = 200;

function isUnchanged({ names, colors, palette, sort, order }: CategoryEdits): boolean {
  return names.size === 0 && colors.size === 0 && palette === null && sort === 'data' && order.length === 0;
}

/** Remembers what was made of an object, until something else that it depends on changes. */
class Remembered<T> {
  readonly #known = new WeakMap<object, { readonly from: readonly unknown[]; readonly value: T }>();

  of(key: object, from: readonly unknown[], make: () => T): T {
    const known = this.#known.get(key);
    if (known?.from.every((each, at) => each === from[at])) return known.value;
    const value = make();
    this.#known.set(key, { from, value });
    return value;
  }
}
