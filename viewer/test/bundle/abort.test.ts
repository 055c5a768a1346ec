import { describe, expect, test, vi } from 'vitest';
import type { Bundle } from '../../src/bundle/bundle';
import { LiveFiles } from '../../src/bundle/live/live_files';
import { openBundle } from '../../src/bundle/open';
import { openZip } from '../../src/bytes/zip/zip';
import { isAbort } from '../../src/bytes/shared';
import { MARKS } from '../../src/bundle/formats/registry';
import { anndataStore } from '../anndata_fixture';
import { baseBundle } from '../base_fixture';
import { cellucidExport } from '../cellucid_fixture';
import { json, MapFiles } from '../map_files';
import { markersBundle } from '../file_markers_fixture';
import { neighbourhoodsBundle } from '../neighbourhoods_fixture';
import { settled, SlowFiles } from '../slow_files';
import { statisticsBundle } from '../statistics_fixture';
import { streamBundle } from '../stream_fixture';
import { zipOf } from '../zip_fixture';

type Load = (bundle: Bundle, signal?: AbortSignal) => Promise<unknown>;

const LOADS: Record<string, Load> = {
  genes: (bundle, signal) => bundle.genes(signal),
  coordinates: (bundle, signal) => bundle.coordinates(0, undefined, signal),
  column: (bundle, signal) => bundle.column(0, signal),
  expression: (bundle, signal) => bundle.expression(1, signal),
  edges: (bundle, signal) => bundle.edges(undefined, signal),
  vector: (bundle, signal) => bundle.vector(0, signal),
  ids: (bundle, signal) => bundle.ids.get(1, signal),
};
const STATISTICS: Record<string, Load> = {
  best: ({ statistics }, signal) => statistics!.best(0, signal),
  others: ({ statistics }, signal) => statistics!.others(0, signal),
  ranking: ({ statistics }, signal) => statistics!.ranking(0, 1, signal),
  rows: ({ statistics }, signal) => statistics!.rows('means', tables(statistics), [1], signal),
  column: ({ statistics }, signal) => statistics!.column('shares', tables(statistics), 1, signal),
};
const tables = (statistics: Bundle['statistics']) => statistics!.groupings[0].tables!;
const NEAR: Record<string, Load> = {
  genes: ({ neighbourhoods }, signal) => neighbourhoods!.genes(signal),
  enrichment: ({ neighbourhoods }, signal) => neighbourhoods!.enrichment(0, signal),
  coOccurrence: ({ neighbourhoods }, signal) => neighbourhoods!.coOccurrence(0, signal),
};

const of = (loads: Record<string, Load>, ...leftOut: string[]) =>
  Object.entries(loads).filter(([name]) => !leftOut.includes(name));

const CASES: readonly (readonly [string, () => MapFiles, (readonly [string, Load])[]])[] = [
  ['a base layer', baseBundle, of(LOADS, 'edges', 'vector')],
  ['a stream layer', streamBundle, of(LOADS, 'edges', 'vector')],
  ['a Cellucid export', cellucidExport, of(LOADS)],
  ['a store with a sparse X', anndataStore, of(LOADS, 'vector')],
  ['a store with a dense X', () => anndataStore({ x: 'dense' }), of(LOADS, 'vector')],
  ['a store with shards', () => anndataStore({ format: 3, x: 'sharded' }), of(LOADS, 'vector')],
  ['statistics', statisticsBundle, of(STATISTICS)],
  ['markers of a file', markersBundle, of(STATISTICS)],
  ['neighbourhoods', neighbourhoodsBundle, of(NEAR)],
];
const all = CASES.flatMap(([name, make, loads]) => loads.map(([what, load]) => ({ name, make, what, load })));

async function opened(make: () => MapFiles): Promise<[Bundle, SlowFiles]> {
  const slow = new SlowFiles(make());
  return [await openBundle(slow), slow];
}

describe.each(all)('$what of $name', ({ make, load }) => {
  test('can be given up at each of its requests, and loaded again', async () => {
    const [whole] = await opened(make);
    const wanted = await load(whole);
    const wantedColours = whole.columns.map((column) => 'colors' in column && column.colors);
    for (let answers = 0; ; answers++) {
      const [bundle, slow] = await opened(make);
      slow.answers = answers;
      const left = new AbortController();
      const result = load(bundle, left.signal).then(
        () => 'loaded',
        (error: unknown) => error,
      );
      let ended: unknown = null;
      void result.then((end) => (ended = end));
      await vi.waitFor(() => expect(ended ?? slow.waiting.at(0)).toBeTruthy());
      if (ended !== null) {
        expect(ended).toBe('loaded');
        break;
      }
      left.abort();
      expect(await result).toSatisfy(isAbort);
      // The list at the end of a shard is not given up, since others may wait for it.
      expect(slow.waiting.filter((path) => !path.startsWith('the end of '))).toEqual([]);
      slow.release();
      expect(await load(bundle)).toEqual(wanted);
      expect(bundle.columns.map((column) => 'colors' in column && column.colors)).toEqual(wantedColours);
    }
  });
});

test('two genes of one shard do not share their fate', async () => {
  const [bundle, slow] = await opened(() => anndataStore({ format: 3, x: 'sharded' }));
  const wanted = await (await opened(() => anndataStore({ format: 3, x: 'sharded' })))[0].expression(1);
  slow.answers = 0;
  const left = new AbortController();
  const [gone, waits] = [bundle.expression(0, left.signal), bundle.expression(1)];
  await settled();
  left.abort();
  await expect(gone).rejects.toSatisfy(isAbort);
  slow.release();
  expect(await waits).toEqual(wanted);
});

test('a gene in a zip, or in a folder, can be given up', async () => {
  const files = Object.fromEntries(streamBundle().files);
  const bundle = await openBundle(await openZip(zipOf(files), 'a.zip', MARKS));
  const left = new AbortController();
  const gone = bundle.expression(0, left.signal);
  left.abort();
  await expect(gone).rejects.toSatisfy(isAbort);
  expect(await bundle.expression(0)).toEqual(await (await openBundle(streamBundle())).expression(0));
});

test('a file that an export has not written yet is waited for until that is given up', async () => {
  const progress = json({ done: 1, total: 2, stage: 'genes' });
  const map = new MapFiles(new Map([['progress.json', progress]]));
  const live = new LiveFiles(map, 1e6);
  const left = new AbortController();
  const gone = live.get('a', { signal: left.signal });
  await settled();
  expect(map.asked).toEqual(['a', 'progress.json']);
  left.abort();
  await expect(gone).rejects.toSatisfy(isAbort);
});

test('closing a bundle ends all of its requests', async () => {
  const slow = new SlowFiles(streamBundle());
  const closing = new AbortController();
  const bundle = await openBundle(slow, { closed: closing.signal });
  slow.answers = 0;
  const results = Promise.allSettled([bundle.genes(), bundle.expression(0), bundle.column(0)]);
  await settled();
  expect(slow.waiting.length).toBeGreaterThan(2);
  closing.abort();
  for (const result of await results) expect(result).toMatchObject({ reason: { name: 'AbortError' } });
  expect(slow.waiting).toEqual([]);
});
