import { describe, expect, test } from 'vitest';
import { MARKS } from '../../src/bundle/formats/registry';
import { dataSetOf, readCatalog, readFacts } from '../../src/bundle/catalog';
import { openBundle, openDataSet, openFolder } from '../../src/bundle/open';
import { UnreadableError } from '../../src/bytes/errors';
import type { Bytes } from '../../src/bytes/files';
import { openZip } from '../../src/bytes/zip/zip';
import { cellucidExport } from '../cellucid_fixture';
import { json, MapFiles, text } from '../map_files';
import { streamBundle } from '../stream_fixture';
import { zipOf } from '../zip_fixture';

const LISTED = {
  version: 1,
  default: 'four',
  datasets: [
    { id: 'four', path: 'four/', name: 'Four cells', n_cells: 4, n_genes: 5 },
    { id: 'five', path: './sub/five', name: '', format: 'karospace' },
  ],
};

/** A root with an export of either format, and their list. */
function root(list: unknown = LISTED): MapFiles {
  const files = new Map<string, Bytes>([['datasets.json', json(list)]]);
  for (const [path, bytes] of cellucidExport().files) files.set(`four/${path}`, bytes);
  for (const [path, bytes] of streamBundle().files) files.set(`sub/five/${path}`, bytes);
  return new MapFiles(files);
}

async function catalogOf(files: MapFiles) {
  const opened = await openFolder(files);
  if (opened.is !== 'catalog') throw new Error('expected a list');
  return opened.catalog;
}

describe('a folder', () => {
  test('that is named by its head is asked for nothing else', async () => {
    const files = cellucidExport();
    await openBundle(files, { mark: 'dataset_identity.json' });
    expect(files.asked[0]).toBe('dataset_identity.json');
  });

  test('that is another than its named head is looked for all the same', async () => {
    expect((await openBundle(cellucidExport(), { mark: 'atlas.json' })).format).toBe('Cellucid 2');
  });

  test('whose manifest begins with its stream layer is read no further', async () => {
    const files = streamBundle();
    const get = files.get.bind(files);
    files.get = async (path, options) => {
      const bytes = await get(path, options);
      if (path !== 'manifest.json') return bytes;
      expect(options?.enough?.(text('{\n  "stre'))).toBe(false);
      // As a slow host gives it: cut off in the middle.
      const begin = text('{\n  "stream": {"version": 1, "path": "atlas.json"},\n  "gene_list": ["a');
      expect(options?.enough?.(begin)).toBe(true);
      return begin;
    };
    expect((await openBundle(files)).name).toBe('five');
  });

  test('whose manifest ends with its stream layer opens as well', async () => {
    const files = streamBundle();
    files.files.set('manifest.json', json({ n_cells: 5, stream: { version: 1, path: 'atlas.json' } }));
    expect((await openBundle(files)).name).toBe('five');
  });

  test('with an atlas alone opens', async () => {
    const files = streamBundle();
    files.files.delete('manifest.json');
    expect((await openBundle(files)).name).toBe('five');
  });

  test('on a host that hides its answers about missing files opens all the same', async () => {
    const files = cellucidExport();
    const get = files.get.bind(files);
    const hidden = new UnreadableError('the header is missing', 'Send it.');
    files.get = (path, options) => (files.files.has(path) ? get(path, options) : Promise.reject(hidden));
    expect((await openBundle(files)).format).toBe('Cellucid 2');
    files.files.delete('dataset_identity.json');
    await expect(openBundle(files)).rejects.toBe(hidden);
  });

  test('that a manifest sends outside is refused', async () => {
    const files = new MapFiles(
      new Map([['manifest.json', json({ stream: { version: 1, path: '../atlas.json' } })]]),
    );
    await expect(openBundle(files)).rejects.toThrow(/outside its folder/);
  });
});

describe('a list of data sets', () => {
  test('tells what is in it, and opens either format', async () => {
    const files = root();
    const catalog = await catalogOf(files);
    expect(catalog.first).toBe('four');
    expect(catalog.datasets).toEqual([
      { id: 'four', name: 'Four cells', path: 'four', nCells: 4, nGenes: 5, mark: null, facts: null },
      {
        id: 'five',
        name: 'five',
        path: 'sub/five',
        nCells: null,
        nGenes: null,
        mark: 'manifest.json',
        facts: null,
      },
    ]);
    const four = await openDataSet(catalog, dataSetOf(catalog, 'four'));
    expect([four.format, (await four.expression(0))[2]]).toEqual(['Cellucid 2', 254]);
    const five = await openDataSet(catalog, dataSetOf(catalog, 'five'));
    expect([five.format, five.where]).toEqual(['KaroSpace stream 1', 'sub/five in memory']);
  });

  test('says what it knows of titles, descriptions and pictures, and nothing that is not text', async () => {
    const described = {
      ...{ id: 'a', path: 'a', name: 'short', title: 'A\nlong title', description: 'What it is.' },
      ...{ picture: 'preview.png', picture_y_up: true },
    };
    const wrong = { id: 'b', path: 'b', title: 3, description: null, picture: ['x'] };
    const { datasets } = await catalogOf(root({ version: 1, datasets: [described, wrong] }));
    expect(datasets.map(({ facts }) => facts)).toEqual([
      { title: 'A long title', description: 'What it is.', picture: 'preview.png', isTurned: true },
      { title: 'b', description: '', picture: null, isTurned: false },
    ]);
    const four = await openDataSet(await catalogOf(root()), dataSetOf(await catalogOf(root()), 'four'));
    expect(await readFacts(four)).toMatchObject({ title: four.title, picture: null });
  });

  test('lies also in a zip without a list', async () => {
    const opened = await openFolder(
      await openZip(zipOf({ 'a/manifest.json': '', 'b/atlas.json': '' }), 'z.zip', MARKS),
    );
    expect(opened).toMatchObject({ is: 'catalog', catalog: { datasets: [{ id: 'a' }, { id: 'b' }] } });
  });

  test.each(['../four', '/four', 'https://other/four', 'a/../../b', ''])(
    'with the path %j is refused',
    (path) => {
      const list = { version: 1, default: 'a', datasets: [{ id: 'a', path, name: 'a' }] };
      expect(() => readCatalog(new MapFiles(new Map()), list)).toThrow(/outside its folder/);
    },
  );

  test.each([
    ['nothing', { version: 1, datasets: [] }, /datasets\.json, at datasets/],
    ['another version', { ...LISTED, version: 2 }, /datasets\.json, at version: must be 1, not 2/],
    ['counts that are none', { version: 1, datasets: [{ id: 'a', path: 'a', n_cells: -1 }] }, /n_cells/],
  ])('with %s is refused', async (_, list, message) => {
    await expect(openFolder(root(list))).rejects.toThrow(message);
  });

  test('has no data set of another name', async () => {
    const catalog = await catalogOf(root());
    expect(() => dataSetOf(catalog, '__proto__')).toThrow(/no data set “__proto__” at memory/);
  });

  test('inside a list is refused', async () => {
    const files = root();
    files.files.set('four/datasets.json', json(LISTED));
    for (const head of ['dataset_identity.json', 'manifest.json']) files.files.delete(`four/${head}`);
    const catalog = await catalogOf(files);
    await expect(openDataSet(catalog, dataSetOf(catalog, 'four'))).rejects.toThrow(/is a list of data sets/);
  });
});
