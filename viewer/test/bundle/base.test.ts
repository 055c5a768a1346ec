import { describe, expect, test } from 'vitest';
import { openBundle } from '../../src/bundle/open';
import { told } from '../cell_value';
import { baseBundle } from '../base_fixture';
import { MapFiles, text } from '../map_files';

describe('a bundle of schema 1.0.0', () => {
  test('is opened where there is no atlas', async () => {
    const bundle = await openBundle(baseBundle());
    expect([bundle.format, bundle.name, bundle.nCells, bundle.nGenes]).toEqual([
      'KaroSpace 1.0.0',
      'three',
      3,
      2,
    ]);
    expect(bundle.images).toMatchObject([
      { path: 'assets/image.png', width: 6, height: 5, placement: null, cells: null },
    ]);
  });

  test('has coordinates around the middle of their bounds', async () => {
    const bundle = await openBundle(baseBundle());
    expect(bundle.embeddings[0]).toMatchObject({
      label: 'spatial',
      yAxis: 'down',
      origin: [15, 0],
      minimum: [10, -1],
      maximum: [20, 1],
    });
    expect([...(await bundle.coordinates(0))]).toEqual([-5, -1, 5, 1, NaN, NaN]);
  });

  test('tells kinds of columns from their values, and reads the bare NaN', async () => {
    const bundle = await openBundle(baseBundle());
    expect(bundle.columns).toEqual([
      { name: 'kind', kind: 'category', categories: ['B', 'T'], colors: null },
      { name: 'n', kind: 'number' },
    ]);
    expect(await bundle.column(0)).toEqual({
      kind: 'codes',
      codes: Uint16Array.of(1, 65535, 0),
      missing: 65535,
    });
    expect(await bundle.column(1)).toEqual({ kind: 'numbers', values: Float64Array.of(1, NaN, 3) });
    expect([await told(bundle, 0, 0), await told(bundle, 1, 1)]).toEqual(['T', '—']);
    // They came with the places.
    expect(bundle.ids.known(2)).toBe('c');
  });

  test('keeps a column whose name every object inherits, or none', async () => {
    const rows = ['a', 'b', 'c'].map((id) => `{"cell_id":"${id}","__proto__":"${id}!","toString":1}`);
    const bundle = await openBundle(
      baseBundle({ obs: `[${rows.join(',')}]`, columns: ['__proto__', 'toString', 'valueOf'] }),
    );
    const values = await Promise.all([0, 1, 2].map((column) => told(bundle, column, 1)));
    expect(values).toEqual(['b!', '1', '—']);
  });

  test('says which columns the old exporter lost', async () => {
    const obs = '[{"cell_id":"a","kind":NaN},{"cell_id":"b","kind":NaN},{"cell_id":"c","kind":NaN}]';
    const bundle = await openBundle(baseBundle({ obs, columns: ['kind'] }));
    expect(bundle.notes).toEqual([expect.stringMatching(/The cells have no values in “kind”/)]);
    expect(await bundle.column(0)).toMatchObject({ codes: Uint16Array.of(65535, 65535, 65535) });
  });

  test('joins a gene from its parts', async () => {
    const bundle = await openBundle(baseBundle());
    expect([...(await bundle.expression(1))]).toEqual([0, 0.5, 7]);
    await expect(bundle.expression(0)).rejects.toThrow(/assets\/0_0\.bin\.gz is missing/);
  });

  test('names tables that contradict the manifest', async () => {
    await expect(openBundle(baseBundle({ coords: '[]' }))).rejects.toThrow(
      /coords_json hold 0 cells, but .* 3/,
    );
    await expect(openBundle(baseBundle({ obs: '{}' }))).rejects.toThrow(
      /assets\/obs\.json\.gz: must be Array/,
    );
  });
});

describe('a folder without a bundle', () => {
  test('is told so', async () => {
    await expect(openBundle(new MapFiles(new Map()))).rejects.toThrow(
      /no export at memory: it has none of manifest\.json, dataset_identity\.json/,
    );
  });

  test('is not hidden by a host that answers everything with its own page', async () => {
    const page = text('<!doctype html><title>Not found</title>');
    const files = new MapFiles(
      new Map([
        ['atlas.json', page],
        ['manifest.json', page],
      ]),
    );
    await expect(openBundle(files)).rejects.toThrow(/no export at memory/);
  });
});
