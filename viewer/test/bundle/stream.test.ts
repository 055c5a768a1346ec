import { describe, expect, test } from 'vitest';
import { openBundle } from '../../src/bundle/open';
import { toBytes } from '../map_files';
import { HOSTILE, streamBundle } from '../stream_fixture';

describe('a bundle with a stream layer', () => {
  test('is described by its atlas alone', async () => {
    const files = streamBundle();
    const bundle = await openBundle(files);
    expect(files.asked).toEqual(['atlas.json']);
    expect([bundle.name, bundle.nCells, bundle.nGenes, bundle.image]).toEqual(['five', 5, 4, null]);
    expect(bundle.columns.map(({ name, kind }) => [name, kind])).toEqual([
      ['__proto__', 'category'],
      ['area', 'number'],
      ['primary', 'bool'],
      ['barcode', 'string'],
    ]);
    expect(bundle.embeddings[0]).toMatchObject({ yAxis: 'down', origin: [1000, 2000] });
  });

  test('joins coordinates, columns and genes from their parts', async () => {
    const bundle = await openBundle(streamBundle());
    expect([...(await bundle.coordinates(0))]).toEqual([-1, -1, 0, 0, NaN, NaN, 1, 1, 0.5, -0.5]);
    expect(await bundle.column(0)).toEqual({
      kind: 'codes',
      codes: Uint8Array.of(0, 1, 255, 1, 1),
      missing: 255,
    });
    expect(await bundle.column(1)).toEqual({ kind: 'numbers', values: Float64Array.of(1, NaN, 3, 4, 1.5) });
    expect([...(await bundle.expression(1))]).toEqual([0, 1, 2, 3, 4]);
    expect((await bundle.genes()).names).toEqual(HOSTILE);
  });

  test('tells one cell from one part of each array, once', async () => {
    const files = streamBundle();
    const bundle = await openBundle(files);
    files.asked.length = 0;
    const values = await Promise.all([0, 1, 2, 3].map((column) => bundle.cellValue(column, 4)));
    expect(values.map(({ value }) => value)).toEqual(['T', 1.5, false, 'e']);
    expect(await bundle.cellId(4)).toBe('c4');
    expect(await bundle.cellId(3)).toBe('c3');
    expect(files.asked).toHaveLength(5);
    expect(files.asked.every((path) => path.endsWith('_1.bin.gz'))).toBe(true);
  });

  test('knows what is missing from what is empty', async () => {
    const bundle = await openBundle(streamBundle());
    const column = (index: number, cell: number) => bundle.cellValue(index, cell).then(({ value }) => value);
    expect(await column(0, 2)).toBe(null);
    expect(await column(1, 1)).toBe(null);
    expect(await column(2, 2)).toBe(null);
    expect(await column(3, 0)).toBe('α');
    expect(await column(3, 1)).toBe(null);
    expect(await column(3, 2)).toBe('');
  });

  test('reports how much of the coordinates has come', async () => {
    const files = streamBundle();
    const shares: number[] = [];
    await (await openBundle(files)).coordinates(0, (share) => shares.push(share));
    expect(shares.at(-1)).toBe(1);
  });
});

describe('what is broken is named', () => {
  test('a part that is missing', async () => {
    const files = streamBundle();
    files.files.delete('a/category_1.bin.gz');
    await expect((await openBundle(files)).column(0)).rejects.toThrow(/a\/category_1\.bin\.gz is missing/);
  });

  test('a part of another export', async () => {
    const files = streamBundle();
    files.files.set('a/xy_0.bin.gz', toBytes(new Float32Array(4)));
    await expect((await openBundle(files)).coordinates(0)).rejects.toThrow(
      /xy_0\.bin\.gz holds 16 bytes, but 24/,
    );
  });

  test('strings that are cut short', async () => {
    const files = streamBundle();
    files.files.set('a/ids_0.bin.gz', new Uint8Array(9));
    await expect((await openBundle(files)).cellId(0)).rejects.toThrow(
      /ids_0\.bin\.gz does not hold the 3 strings/,
    );
  });

  test('parts that leave cells out', async () => {
    const files = streamBundle((atlas) => (atlas.n_cells = 6));
    await expect((await openBundle(files)).coordinates(0)).rejects.toThrow(/parts end at cell 5 of 6/);
  });

  test('an atlas of a newer format', async () => {
    const files = streamBundle((atlas) => (atlas.version = 2));
    await expect(openBundle(files)).rejects.toThrow(/atlas\.json, at version: expected 1, got 2/);
  });

  test('a gene table of another export', async () => {
    const files = streamBundle((atlas) => (atlas.n_genes = 5));
    await expect((await openBundle(files)).genes()).rejects.toThrow(/names 4 genes, but atlas\.json says 5/);
  });
});
