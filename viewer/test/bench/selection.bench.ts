import { bench, describe } from 'vitest';
import { neighboursWithin } from '../../src/scene/edges/grow';
import { Fence } from '../../src/scene/picking/fence';
import { cellsWithin } from '../../src/scene/picking/regions';
import { Swath } from '../../src/scene/picking/swath';
import type { Projection } from '../../src/scene/view/projection';
import { paintNumbers } from '../../src/state/colouring/paint';
import { pack } from '../../src/state/history/packed';
import { cellsBetween } from '../../src/state/selection/by_value';
import { compositionOf, totalsOf } from '../../src/state/selection/composition';
import { emphasise } from '../../src/state/selection/emphasis';
import { paintGroups } from '../../src/state/selection/group_paint';
import { cellsWhere, intersect, subtract, union } from '../../src/state/selection/sets';

/** Half of the cells, and a third of them. Run by `npx vitest bench`; figures in docs/design/page.md. */
describe.each([1_000_000, 10_000_000])('%i cells', (nCells) => {
  const even = cellsWhere(nCells, (cell) => cell % 2 === 0);
  const third = cellsWhere(nCells, (cell) => cell % 3 === 0);
  const values = Float32Array.from({ length: nCells }, (_, cell) => (cell * 7919) % 1000);
  const paint = { ...paintNumbers(values.subarray(0, 1000)), values };
  const codes = {
    kind: 'codes' as const,
    codes: Uint8Array.from(values, (value) => value % 30),
    missing: 255,
  };
  const labels = Array.from({ length: 30 }, (_, at) => String(at));
  const totals = totalsOf(codes, 30);
  const positions = Float32Array.from({ length: 2 * nCells }, (_, at) => ((at * 7919) % 1000) / 1000);
  // Pixels = 1000 * place.
  const projection: Projection = {
    matrix: Float64Array.of(1000, 0, 0, 0, 0, 1000, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1),
    focal: 1,
  };
  const drawn = { positions, width: 2 as const, solid: false, mask: null };
  const ring = Array.from({ length: 200 }, (_, at): [number, number] => [
    500 + 300 * Math.cos(at / 31.8),
    500 + 300 * Math.sin(at / 31.8),
  ]);
  const edges = {
    sources: Uint32Array.from({ length: 5 * nCells }, (_, edge) => Math.floor(edge / 5)),
    targets: Uint32Array.from(
      { length: 5 * nCells },
      (_, edge) => (Math.floor(edge / 5) * 7919 + edge) % nCells,
    ),
  };
  const groups = [even, third].map((cells, at) => ({ name: String(at), color: '#000000', cells }));
  const few = { iterations: 5, warmupIterations: 1, time: 0, warmupTime: 0 };

  bench('add', () => void union(even, third), few);
  bench('subtract', () => void subtract(even, third), few);
  bench('intersect', () => void intersect(even, third), few);
  bench('by value', () => void cellsBetween(paint, 100, 700, null), few);
  bench('lasso', async () => void (await cellsWithin(new Fence(ring), drawn, projection)), few);
  bench('brush', async () => void (await cellsWithin(new Swath(ring, 40), drawn, projection)), few);
  bench('composition', () => void compositionOf(even, codes, labels, totals), few);
  bench('mask to draw', () => void emphasise(nCells, null, even), few);
  bench('colours of groups', () => void paintGroups(groups, nCells), few);
  bench('pack for undo', () => void pack(even, nCells), few);
  bench('unpack', () => void pack(even, nCells).unpack(), few);
  bench(
    'neighbours, 3 edges (worker)',
    () => void neighboursWithin(edges, nCells, { cells: third, hops: 3, mask: null }),
    few,
  );
});
