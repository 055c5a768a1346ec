import { expect, test } from 'vitest';
import { pointDiameter, spotDiameter } from '../../src/scene/points/point_size';
import { discAt, type Projection } from '../../src/scene/view/projection';

const at = (zoom: number) => ({ x: 0, y: 0, zoom });

test('spots grow as the picture does, and the slider is a factor of them', () => {
  expect(spotDiameter(20, at(0), 1)).toBe(20);
  expect(spotDiameter(20, at(-2), 1)).toBe(5);
  expect(spotDiameter(20, at(2), 1.5)).toBe(120);
  expect(spotDiameter(20, at(-10), 1)).toBe(1);
  expect(spotDiameter(20, at(30), 1)).toBe(255);
});

test('other points grow slower, to a bound of their own', () => {
  const size = { width: 400, height: 300 };
  const grown = [0, 1, 30].map((zoom) => pointDiameter(10_000, size, at(zoom), at(0), 1));
  expect(grown[1] / grown[0]).toBeCloseTo(2 ** 0.6);
  expect(grown[2]).toBe(64);
});

test('in a plane a large spot is found where it is drawn', () => {
  expect(discAt(120, { focal: 1 } as Projection, 1)).toBe(120);
});
