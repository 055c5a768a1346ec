import { deflateRawSync, deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { MARKS } from '../../src/bundle/formats/registry';
import { openBundle } from '../../src/bundle/open';
import { unpackBlosc } from '../../src/bundle/formats/anndata/zarr/blosc';
import { inflateAtMost } from '../../src/bytes/bounded';
import { ViewerError } from '../../src/bytes/errors';
import { parseJson } from '../../src/bytes/json';
import { openZip } from '../../src/bytes/zip/zip';
import { anndataStore } from '../anndata_fixture';
import { cellucidExport } from '../cellucid_fixture';
import { gzip, text, toBytes, type MapFiles } from '../map_files';
import { streamBundle } from '../stream_fixture';
import { zipOf } from '../zip_fixture';

/** Much for what is declared, little for a test. */
const ZEROS = new Uint8Array(2 ** 20);
const BOMB = gzip(ZEROS);
const ZLIB_BOMB = toBytes(deflateSync(ZEROS));

/** What a reader of the page is told: anything but a sentence fails. */
async function told(work: () => Promise<unknown>): Promise<string> {
  const error: unknown = await work().then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ViewerError);
  return (error as ViewerError).message;
}

async function opened(files: MapFiles) {
  return openBundle(files);
}

describe('a file that inflates to more than its manifest says', () => {
  test('is left where it is too long', async () => {
    expect(await inflateAtMost(BOMB, 'gzip', 1000)).toBe(null);
    expect(await inflateAtMost(BOMB, 'gzip', ZEROS.length)).toHaveLength(ZEROS.length);
    expect(await inflateAtMost(BOMB, 'gzip', ZEROS.length - 1)).toBe(null);
  });

  test('is refused in a KaroSpace bundle', async () => {
    const files = streamBundle();
    for (const path of ['a/xy_0.bin.gz', 'a/category_0.bin.gz', 'a/gene_00001_part_000.bin.gz'])
      files.files.set(path, BOMB);
    const bundle = await opened(files);
    const wanted = /holds more than [\d,]+ bytes/;
    expect(await told(() => bundle.coordinates(0))).toMatch(wanted);
    expect(await told(() => bundle.column(0))).toMatch(wanted);
    expect(await told(() => bundle.expression(1))).toMatch(wanted);
  });

  test('is refused in a Cellucid export', async () => {
    const files = cellucidExport({ zipped: true });
    for (const path of files.files.keys()) if (!path.endsWith('.json')) files.files.set(path, BOMB);
    const bundle = await opened(files);
    const wanted = /holds more than [\d,]+ bytes/;
    expect(await told(() => bundle.coordinates(0))).toMatch(wanted);
    expect(await told(() => bundle.expression(0))).toMatch(wanted);
    expect(await told(() => bundle.edges())).toMatch(wanted);
  });

  test.each([2, 3] as const)('is refused in a store of Zarr v%i', async (format) => {
    const files = anndataStore({ format });
    for (const path of files.files.keys())
      if (!/\.z|zarr\.json|^uns/.test(path)) files.files.set(path, format === 3 ? BOMB : ZLIB_BOMB);
    const bundle = await opened(files);
    const wanted = /cannot be read: a chunk decompresses to more than [\d,]+ bytes/;
    expect(await told(() => bundle.coordinates(0))).toMatch(wanted);
    expect(await told(() => bundle.expression(0))).toMatch(wanted);
  });

  test('is refused in a zip', async () => {
    const name = 'manifest.json';
    const zip = new Uint8Array(await zipOf({ [name]: 'x'.repeat(100) }).arrayBuffer());
    const packed = deflateRawSync(ZEROS);
    // The same names and sizes, of which the packed one is true: only what is inflated is more.
    const view = new DataView(zip.buffer);
    const end = zip.length - 22;
    const directory = view.getUint32(end + 16, true);
    const header = zip.slice(0, 30 + name.length);
    const shifted = header.length + packed.length;
    const list = zip.slice(directory);
    new DataView(header.buffer).setUint32(18, packed.length, true);
    new DataView(list.buffer).setUint32(20, packed.length, true);
    new DataView(list.buffer).setUint32(list.length - 22 + 16, shifted, true);
    const files = await openZip(new Blob([header, toBytes(packed), list]), 'x.zip', MARKS);
    expect(await told(() => files.get(name))).toMatch(/does not have the 100 bytes that the zip states/);
  });

  test('is refused where it is a frame of Blosc', async () => {
    const frame = new Uint8Array(20);
    new DataView(frame.buffer).setUint32(4, 2 ** 31, true);
    new DataView(frame.buffer).setUint32(8, 1, true);
    new DataView(frame.buffer).setUint32(12, 20, true);
    frame.set([2, 1, 3 << 5, 4]);
    await expect(unpackBlosc(frame, 1000)).rejects.toThrow(/states 2,147,483,648 bytes/);
    new DataView(frame.buffer).setUint32(4, 1000, true);
    await expect(unpackBlosc(frame, 1000)).rejects.toThrow(/cut short or damaged/);
  });
});

describe('what is said to be there', () => {
  test.each([1e9, 1e12, 1e300])('as %d cells is refused before there is room for them', async (n) => {
    const wanted = /states .* cells, but this page shows at most 67,108,864/;
    expect(await told(() => opened(streamBundle((atlas) => (atlas.n_cells = n))))).toMatch(wanted);
    const identity = (found: Record<string, unknown>) =>
      void ((found.stats as { n_cells: number }).n_cells = n);
    const obs = (found: Record<string, unknown>) => void (found.n_points = n);
    expect(await told(() => opened(cellucidExport({ identity, obs, genes: obs })))).toMatch(wanted);
  });

  test.each([2, 3] as const)('as an array of 10^12 values in Zarr v%i is refused', async (format) => {
    const files = anndataStore({
      format,
      more: (store) =>
        store.say('obs/_index', format === 2 ? { shape: [1e12], chunks: [3] } : { shape: [1e12] }),
    });
    expect(await told(() => opened(files))).toMatch(/no coordinates|at most|too large for a browser/);
  });

  test.each(['[', '{"a":', '[{"b":['])('as JSON of ten thousand levels of %s is told', (level) => {
    expect(() => parseJson(text(level.repeat(10_000)), 'deep.json')).toThrow(/deep\.json is not JSON/);
  });
});

/** The same numbers each time. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const ODD: readonly unknown[] = [
  ...[null, true, -1, 0.5, 1e12, 1e300, '', 'x', '__proto__', '../../x', '<img src=x onerror=alert(1)>'],
  ...[[], {}, [[]], ['a', 1], { __proto__: null, constructor: 1 }],
];

/** Puts something odd at one place of a document. */
function spoil(document: unknown, random: (below: number) => number): void {
  const places: [Record<string, unknown>, string][] = [];
  const walk = (node: unknown) => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      places.push([node as Record<string, unknown>, key]);
      walk(value);
    }
  };
  walk(document);
  const [node, key] = places[random(places.length)];
  Object.defineProperty(node, key, { value: ODD[random(ODD.length)], enumerable: true });
}

/** Stores are slow, as each of their columns is inflated by itself: one in five, of each version in turn. */
const SPOILT = Array.from({ length: 80 }, (_, seed) => seed);
const STORE = 4;

test.each(SPOILT)('bundle %i, which is wrong in one place, is shown or explained', async (seed) => {
  const random = chance(seed + 1);
  const files =
    seed % 5 === STORE
      ? anndataStore({ format: seed % 2 === 0 ? 2 : 3 })
      : [streamBundle, cellucidExport][seed % 2]();
  const heads = [...files.files.keys()].filter((path) =>
    /(^|\/)(atlas|dataset_identity|obs_manifest|var_manifest)\.json$|^\.zmetadata$|^zarr\.json$/.test(path),
  );
  const head = heads[random(heads.length)];
  const document: unknown = JSON.parse(new TextDecoder().decode(files.files.get(head)));
  spoil(document, random);
  files.files.set(head, text(JSON.stringify(document)));
  const tryIt = (work: () => Promise<unknown>) =>
    work().catch((error: unknown) => {
      // Anything else would be told as a fault of the viewer.
      if (!(error instanceof ViewerError)) throw error;
    });
  await tryIt(async () => {
    const bundle = await opened(files);
    for (const index of bundle.embeddings.keys()) await tryIt(() => bundle.coordinates(index));
    for (const [index, { kind }] of bundle.columns.entries()) {
      if (kind === 'string') await tryIt(async () => bundle.texts(index).get(0));
      else await tryIt(() => bundle.column(index));
    }
    await tryIt(() => bundle.genes());
    if (bundle.nGenes > 0) await tryIt(() => bundle.expression(0));
    if (bundle.graph) await tryIt(() => bundle.edges());
    for (const index of bundle.vectors.keys()) await tryIt(() => bundle.vector(index));
    await tryIt(() => bundle.ids.get(0));
  });
});
