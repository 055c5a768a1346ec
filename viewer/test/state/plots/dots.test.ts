import { expect, test } from 'vitest';
import { openBundle } from '../../../src/bundle/open';
import { MISSING } from '../../../src/state/filters/mask';
import { followLink, linkOf } from '../../../src/state/link/link';
import { dotsOf } from '../../../src/state/plots/dots/dots';
import { Session } from '../../../src/state/session';
import { statisticsBundle } from '../../statistics_fixture';

const genes = [Float32Array.of(0, 2, 4, 0, 1, 9), Float32Array.of(1, 0, NaN, 3, 0, 9)];
const by = { kind: 'codes' as const, codes: Int32Array.of(0, 0, 1, 1, MISSING, 0), missing: MISSING };
const mask = Uint8Array.of(255, 255, 255, 255, 255, 0);

test('means and shares are of the shown cells of each group with a value', () => {
  const { nCells, means, shares } = dotsOf({ genes, by, nBy: 3, nCells: 6, mask });
  expect([...nCells]).toEqual([2, 2, 0]);
  expect([...means]).toEqual([1, 2, NaN, 0.5, 3, NaN]);
  expect([...shares]).toEqual([0.5, 0.5, NaN, 0.5, 1, NaN]);
});

test('a cell of several lists counts in each', () => {
  const lists = [Uint32Array.of(0, 1), Uint32Array.of(1, 5)];
  const found = {
    genes: [genes[0]],
    nBy: 2,
    nCells: 6,
    by: { kind: 'lists' as const, lists, withRest: false },
  };
  expect([...dotsOf({ ...found, mask: null }).means]).toEqual([1, 5.5]);
  expect([...dotsOf({ ...found, mask }).means]).toEqual([1, 2]);
});

test('a link holds the groups and genes of a plot of the cells shown', async () => {
  const open = async () => new Session(await openBundle(statisticsBundle()));
  const session = await open();
  const [index] = session.plots.dots.columns;
  session.plots.dots.chosen.value = { by: 'column', index };
  session.markers.typed.value = 'CD3D';
  session.markers.look.isHeatMap.value = true;
  session.drawer.open.value = 'plot';
  const other = await open();
  await followLink(other, linkOf(session).value, () => {});
  expect(other.drawer.open.value).toBe('plot');
  expect(other.plots.dots.by.value).toEqual({ by: 'column', index });
  expect([other.markers.typed.value, other.markers.look.isHeatMap.value]).toEqual(['CD3D', true]);
});
