import { expect, test } from 'vitest';
import { scaleBarOf } from '../../../src/state/picture/scale_bar';

test.each([
  // One unit is a micron and a pixel: 150 pixels hold 100 µm.
  [0, 1, 150, 100, '100 µm'],
  [0, 1, 100, 100, '100 µm'],
  [0, 1, 99, 50, '50 µm'],
  // Two pixels a unit of half a micron: 4 pixels a micron.
  [1, 0.5, 150, 80, '20 µm'],
  [-10, 1, 150, 100_000 / 1024, '100 mm'],
  [-5, 1, 150, 2000 / 32, '2 mm'],
  [-5, 1, 160, 5000 / 32, '5 mm'],
  [10, 1, 150, 102.4, '100 nm'],
])('zoom %d with %d µm a unit in %d pixels', (zoom, microns, room, width, label) => {
  const bar = scaleBarOf(zoom, microns, room)!;
  expect(bar.label).toBe(label);
  expect(bar.width).toBeCloseTo(width);
});

test('no bar where nothing can be measured', () => {
  expect(scaleBarOf(0, 0, 100)).toBeNull();
  expect(scaleBarOf(0, NaN, 100)).toBeNull();
});

test('without a known length, a bar counts the units of the file', () => {
  expect(scaleBarOf(0, null, 140)).toEqual({ width: 100, label: '100 units' });
  expect(scaleBarOf(-4, null, 140)).toEqual({ width: 125, label: '2,000 units' });
  expect(scaleBarOf(7, null, 140)).toEqual({ width: 128, label: '1 unit' });
  expect(scaleBarOf(10, null, 140)).toEqual({ width: 102.4, label: '0.1 units' });
});
