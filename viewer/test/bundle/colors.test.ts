import { describe, expect, test } from 'vitest';
import { colorsOf } from '../../src/bundle/formats/anndata/columns/colors';
import { openBundle } from '../../src/bundle/open';
import { anndataStore, categorical, maskedTexts } from '../anndata_fixture';
import type { StoreBuilder } from '../zarr_fixture';

/** Made with matplotlib 3.11: `to_hex(c) if is_color_like(c) else None`. Names of CSS are the browser's. */
const MATPLOTLIB: [string | number[], string | null][] = [
  ['red', '#ff0000'],
  ['g', '#008000'],
  ['c', '#00bfbf'],
  ['K', null],
  ['tab:blue', '#1f77b4'],
  ['TAB:GREY', '#7f7f7f'],
  ['tab:nix', null],
  ['C3', '#d62728'],
  ['C13', '#d62728'],
  ['#f00', '#ff0000'],
  ['#F008', '#ff0000'],
  ['#1A2b3C', '#1a2b3c'],
  ['#1a2b3c80', '#1a2b3c'],
  ['#ff000', null],
  ['ff0000', null],
  ['0.5', '#808080'],
  ['1.5', null],
  ['', null],
  [' red', null],
  ['rgb(1,2,3)', null],
  ['xkcd:sky blue', null],
  [[0.1, 0.2, 0.3], '#1a334c'],
  [[0.5, 0.5, 0.5, 0.25], '#808080'],
  [[1, 0], null],
  [[1.5, 0, 0], null],
  [[-0.1, 0, 0], null],
  [[NaN, 0, 0], null],
];
const named = (name: string) => (name === 'red' ? '#ff0000' : null);

test.each(MATPLOTLIB)('%j', (color, expected) => {
  // Beside one that is good: of what is none, the others remain.
  expect(colorsOf([color, '#000000'], named)).toEqual([expected ?? '#808080', '#000000']);
});

test('where none is a colour, there are none', () => {
  expect(colorsOf(['nix', ''], named)).toBeNull();
});

const at = 'uns/type_colors';
const dict = { 'encoding-type': 'dict', 'encoding-version': '0.1.0' };
const SPELLED: [string, string[] | null, (store: StoreBuilder) => unknown][] = [
  ['short', ['#ff0000', '#0000ff'], (store) => store.texts(at, ['#f00', '#00F'])],
  ['tableau', ['#1f77b4', '#ff7f0e'], (store) => store.texts(at, ['tab:blue', 'C1'])],
  ['more than there are categories', ['#ff0000', '#0000ff'], (store) => store.texts(at, ['r', 'b', 'k'])],
  ['too few', null, (store) => store.texts(at, ['r'])],
  ['one bad', ['#ff0000', '#808080'], (store) => store.texts(at, ['r', '#12'])],
  [
    'rows',
    ['#ff0000', '#0000ff'],
    (store) => store.array(at, Float32Array.of(1, 0, 0, 0.5, 0, 0, 1, 1), { shape: [2, 4] }),
  ],
  ['flat numbers', null, (store) => store.array(at, Float32Array.of(0.5, 0.6))],
  ['masked', ['#ff0000', '#0000ff'], (store) => maskedTexts(store, at, ['r', 'b'])],
  ['categories', ['#0000ff', '#ff0000'], (store) => categorical(store, at, Int8Array.of(1, 0), ['r', 'b'])],
  [
    'a dictionary',
    ['#ff0000', '#0000ff'],
    (store) =>
      store
        .group(at, dict)
        .scalar(`${at}/T`, 'b')
        .array(`${at}/B`, Float32Array.of(1, 0, 0)),
  ],
];

describe.each([2, 3] as const)('colours in a store of format %i', (format) => {
  test.each(SPELLED)('%s', async (_, expected, more) => {
    const bundle = await openBundle(anndataStore({ format, more }), {
      mark: format === 2 ? '.zmetadata' : 'zarr.json',
    });
    const index = bundle.columns.findIndex(({ name }) => name === 'type');
    await bundle.column(index);
    expect(bundle.columns[index]).toMatchObject({ categories: ['B', 'T'], colors: expected });
  });
});
