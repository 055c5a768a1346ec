import { expect, test } from 'vitest';
import type { Bundle } from '../../src/bundle/bundle';
import { Categories } from '../../src/state/colouring/categories';
import { CATEGORY_COLORS } from '../../src/state/colouring/palette';
import { moved } from '../../src/state/lists/category_order';

const COUNTS = Uint32Array.of(5, 9, 2, 7);

function made(colors: readonly string[] | null = null): Categories {
  const categories = ['T 1', 'B', 'T 10', 'T 2'];
  const columns = [
    { name: 'type', kind: 'category', categories, colors },
    { name: 'flag', kind: 'bool' },
  ];
  return new Categories({ columns } as unknown as Bundle);
}

test('a category has a name for display until its own name is given back', () => {
  const categories = made();
  const before = categories.namesOf(0);
  expect(before).toEqual(['T 1', 'B', 'T 10', 'T 2']);
  categories.rename(0, 'B', ' B cells ');
  expect(categories.namesOf(0)).toEqual(['T 1', 'B cells', 'T 10', 'T 2']);
  expect(categories.namesOf(0)).toBe(categories.namesOf(0));
  expect(categories.shownNames('type', ['other', 'B'])).toEqual(['other', 'B cells']);
  expect(categories.shownNames('absent', ['B'])).toEqual(['B']);
  const compared = { column: 'type', categories: ['B', 'T 2'], nCells: [9, 7] };
  const shown = categories.withShownNames(compared);
  expect(shown).toEqual({ ...compared, categories: ['B cells', 'T 2'] });
  expect(categories.withShownNames(compared)).toBe(shown);
  categories.rename(0, 'B', 'B-cells');
  expect(categories.withShownNames(compared).categories[0]).toBe('B-cells');
  categories.rename(0, 'B', 'B cells');
  const other = { column: 'absent', categories: ['B'] };
  expect(categories.withShownNames(other)).toBe(other);
  categories.rename(1, 'true', 'kept');
  expect(categories.namesOf(1)).toContain('kept');
  expect(categories.shownNames('flag', ['False', 'True'])).toEqual(['False', 'kept']);
  for (const name of ['B', '  ']) {
    categories.rename(0, 'B', 'x');
    categories.rename(0, 'B', name);
    expect(categories.namesOf(0)).toBe(before);
  }
  expect([...categories.edits.value.keys()]).toEqual([1]);
});

test('colours are those of the file, of a palette, or chosen', () => {
  const given = ['#111111', '#222222', '#333333', '#444444'];
  const categories = made(given);
  expect(categories.colorsOf(0, COUNTS)).toEqual(given);
  categories.recolour(0, 'T 10', '#abcdef');
  expect(categories.colorsOf(0, COUNTS)).toEqual(['#111111', '#222222', '#abcdef', '#444444']);
  categories.change(0, { palette: 'okabe-ito' });
  expect(categories.colorsOf(0, COUNTS)).toEqual(['#e69f00', '#56b4e9', '#abcdef', '#f0e442']);
  categories.recolour(0, 'T 10', null);
  expect(categories.colorsOf(0, COUNTS)[2]).toBe('#009e73');
  categories.change(0, { palette: 'distinct' });
  expect(new Set(categories.colorsOf(0, COUNTS))).toEqual(new Set(CATEGORY_COLORS.slice(0, 4)));
  categories.change(0, { palette: null });
  expect(categories.edits.value.size).toBe(0);
});

test('a palette begins again after its last colour', () => {
  const categories = made();
  categories.change(1, { palette: 'set2' });
  const counts = new Uint32Array(20);
  const colors = categories.colorsOf(1, counts);
  expect(colors[8]).toBe(colors[0]);
  expect(new Set(colors).size).toBe(8);
});

test('categories are sorted by name as shown, by size, or in an order of their own', () => {
  const categories = made();
  const listed = () => {
    const names = categories.namesOf(0);
    const order = categories.orderOf(0, COUNTS);
    return names.map((_, row) => names[order?.[row] ?? row]);
  };
  expect(listed()).toEqual(['T 1', 'B', 'T 10', 'T 2']);
  categories.change(0, { sort: 'name' });
  expect(listed()).toEqual(['B', 'T 1', 'T 2', 'T 10']);
  categories.rename(0, 'B', 'Z');
  expect(listed()).toEqual(['T 1', 'T 2', 'T 10', 'Z']);
  categories.change(0, { sort: 'size' });
  expect(listed()).toEqual(['Z', 'T 2', 'T 1', 'T 10']);
  categories.change(0, { sort: 'own', order: ['T 10', 'B'] });
  expect(listed()).toEqual(['T 10', 'Z', 'T 1', 'T 2']);
});

test('an entry moves to another place', () => {
  expect(moved(['a', 'b', 'c', 'd'], 0, 2)).toEqual(['b', 'c', 'a', 'd']);
  expect(moved(['a', 'b', 'c', 'd'], 3, 1)).toEqual(['a', 'd', 'b', 'c']);
});
