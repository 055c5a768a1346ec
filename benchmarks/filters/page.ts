/** Times changes of filters as the viewer makes them, in milliseconds. Bundled and opened by `__main__.py`. */
import { distribute, measure } from '../../viewer/src/state/filters/distribution';
import type { Filter } from '../../viewer/src/state/filters/filter';
import { maskWithout, type Shown } from '../../viewer/src/state/filters/masks';
import { openMasks } from '../../viewer/src/state/filters/service';
import { countShown } from '../../viewer/src/state/lists/shown_counts';
import { pageWorker } from '../../viewer/src/ui/page/worker';

const N_CATEGORIES = 40;

const hides = (...codes: number[]): Filter => ({
  kind: 'categories',
  column: 0,
  hidden: new Set(codes),
  isOn: true,
});
const from = (low: number): Filter => ({
  kind: 'gene',
  gene: 0,
  name: 'gene',
  low,
  high: null,
  withMissing: false,
  isOn: true,
});

async function run(nCells: number, inWorker: boolean): Promise<[string, number][]> {
  const codes = Uint8Array.from({ length: nCells }, () => Math.random() * N_CATEGORIES);
  const values = Float32Array.from({ length: nCells }, () => Math.max(0, Math.random() * 6 - 3));
  const service = await openMasks(nCells, inWorker ? pageWorker : undefined);
  const rows: [string, number][] = [];
  const time = async <T>(what: string, work: () => T | Promise<T>): Promise<T> => {
    const begun = performance.now();
    const result = await work();
    rows.push([what, performance.now() - begun]);
    return result;
  };
  const change = (what: string, key: string, filter: Filter | null) =>
    time(what, () => service.change([{ key, filter }]));

  await service.change([]);
  await time('copy 1 byte a cell', async () => {
    service.put('a', { kind: 'codes', codes, missing: 255 });
    await service.change([]);
  });
  await time('copy 4 bytes a cell', async () => {
    service.put('b', { kind: 'numbers', values });
    await service.change([]);
  });
  await change('hide a category', 'a', hides(1));
  await change('hide half of the categories', 'a', hides(...Array(N_CATEGORIES / 2).keys()));
  await change('first range of a gene', 'b', from(0.5));
  await change('move its bound by a step', 'b', from(0.503));
  const shown: Shown = await change('move its bound by a half', 'b', from(2));
  await time('page: mask without one filter', () => maskWithout(shown, 'a', nCells));
  const paint = { values: Float32Array.from(codes), labels: Array(N_CATEGORIES).fill('') };
  await time('page: counts of a legend', () => countShown(paint as never, shown.mask));
  const measured = await time('page: extent of a gene', () => measure(values, true));
  await time('page: histogram of a gene', () => distribute(measured, shown.mask));
  await change('remove it', 'b', null);
  return rows;
}

Object.assign(globalThis, { run });
