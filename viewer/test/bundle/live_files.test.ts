import { describe, expect, test, vi } from 'vitest';
import { LiveFiles } from '../../src/bundle/live/live_files';
import { CellucidBundle } from '../../src/bundle/formats/cellucid/cellucid_bundle';
import { openBundle } from '../../src/bundle/open';
import type { Bytes } from '../../src/bytes/files';
import { parseJson } from '../../src/bytes/json';
import { cellucidExport } from '../cellucid_fixture';
import { json, text, type MapFiles } from '../map_files';

const GENE = 'var/HLA-A_B.values.f32';
const progress = (done: number) => json({ done, total: 20, stage: 'genes' });

/** An export that still runs, and what of it is not there yet. */
function running(missing: string[], make = cellucidExport): { files: MapFiles; later: Map<string, Bytes> } {
  const files = make({ identity: (identity) => (identity.progress = 'progress.json') });
  const later = new Map(missing.map((path) => [path, files.files.get(path)!]));
  for (const path of missing) files.files.delete(path);
  files.files.set('progress.json', progress(3));
  return { files, later };
}

async function open(files: MapFiles) {
  const live = new LiveFiles(files, 1);
  await live.look();
  return CellucidBundle.open(live, parseJson(files.files.get('dataset_identity.json')!, 'x'));
}

const arrive = (files: MapFiles, later: Map<string, Bytes>) => {
  for (const [path, bytes] of later) files.files.set(path, bytes);
};

describe('an export that still runs', () => {
  test('is known by what its head says', async () => {
    const { files } = running([GENE]);
    const bundle = await openBundle(files);
    expect(bundle.live?.progress).toEqual({ done: 3, total: 20, stage: 'genes' });
    files.files.delete('progress.json');
  });

  test('is not asked for where the head says nothing and nothing is missing', async () => {
    const files = cellucidExport();
    const bundle = await openBundle(files);
    await bundle.expression(1);
    expect(bundle.live?.progress).toBe(null);
    expect(files.asked).not.toContain('progress.json');
  });

  test('has its genes waited for', async () => {
    const { files, later } = running([GENE]);
    const bundle = await open(files);
    const wanted = bundle.expression(1);
    await vi.waitFor(() => expect(files.asked.filter((path) => path === GENE).length).toBeGreaterThan(2));
    arrive(files, later);
    expect((await wanted)[2]).toBe(254);
    files.files.delete('progress.json');
  });

  test('is not waited for without end where it does not move', async () => {
    const { files, later } = running([GENE]);
    const live = new LiveFiles(files, 1, 30);
    await live.look();
    const bundle = await CellucidBundle.open(live, parseJson(files.files.get('dataset_identity.json')!, 'x'));
    expect(live.isStalled).toBe(false);
    await expect(bundle.expression(1)).rejects.toThrow(
      /is not written yet, and the export has made no progress for 10/,
    );
    expect(live.isStalled).toBe(true);
    // It did run: whoever asks again waits again.
    files.files.set('progress.json', progress(4));
    await live.look();
    const wanted = bundle.expression(1);
    arrive(files, later);
    expect((await wanted)[2]).toBe(254);
    expect(live.isStalled).toBe(false);
    files.files.delete('progress.json');
  });

  test('has its list of genes waited for', async () => {
    const { files, later } = running(['var_manifest.json']);
    const bundle = await open(files);
    expect([bundle.nGenes, bundle.columns.length]).toEqual([9, 2]);
    const wanted = bundle.genes();
    setTimeout(() => arrive(files, later), 5);
    expect((await wanted).names).toHaveLength(5);
    files.files.delete('progress.json');
  });

  test('has the ranges of quantised genes waited for', async () => {
    const whole = cellucidExport({ bits: 8 }).files.get('var_manifest.json')!;
    const { files } = running([], (options) =>
      cellucidExport({
        ...options,
        bits: 8,
        genes: (manifest) => (manifest.fields = (manifest.fields as [string][]).map(([name]) => [name])),
      }),
    );
    const bundle = await open(files);
    expect((await bundle.genes()).names).toHaveLength(5);
    const wanted = bundle.expression(1);
    setTimeout(() => files.files.set('var_manifest.json', whole), 5);
    expect((await wanted)[2]).toBe(254);
    files.files.delete('progress.json');
  });

  test('and ends without a file leaves that file missing', async () => {
    const { files } = running([GENE]);
    const bundle = await open(files);
    setTimeout(() => files.files.delete('progress.json'), 5);
    await expect(bundle.expression(1)).rejects.toThrow(/HLA-A_B\.values\.f32 is missing/);
  });

  test('and ends just after a file was missed has it all the same', async () => {
    const { files, later } = running([GENE]);
    const live = new LiveFiles(files, 1);
    const get = files.get.bind(files);
    files.get = (path, options) => {
      // The file comes, and the export ends, between two requests.
      const answer = get(path, options);
      if (path === GENE) {
        arrive(files, later);
        files.files.delete('progress.json');
      }
      return answer;
    };
    expect(await live.get(GENE)).toEqual(later.get(GENE));
  });

  test('tells how far it is until it is done', async () => {
    const { files } = running([]);
    const live = new LiveFiles(files, 1);
    const told: (number | null)[] = [];
    const stop = live.onProgress((now) => told.push(now?.done ?? null));
    await live.look();
    files.files.set('progress.json', progress(19));
    await vi.waitFor(() => expect(told).toContain(19));
    files.files.delete('progress.json');
    await vi.waitFor(() => expect(told.at(-1)).toBe(null));
    expect(told[0]).toBe(3);
    stop();
  });

  test('with a damaged progress is told so', async () => {
    const { files } = running([GENE]);
    files.files.set('progress.json', text('{"done": -1}'));
    await expect(new LiveFiles(files, 1).get(GENE)).rejects.toThrow(/progress\.json, at done/);
  });
});
