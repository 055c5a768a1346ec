import { describe, expect, test } from 'vitest';
import { paintGene, paintNumbers } from '../../src/state/colouring/paint';
import { around, SCALE_NAMES, SCALES, ticksOf, upTo, usualMiddle } from '../../src/state/colouring/scale';
import {
  colorAt,
  DIVERGING,
  isDiverging,
  isSafe,
  SCHEME_NAMES,
  schemeColors,
} from '../../src/state/colouring/schemes';
import { N_BARS, summarise } from '../../src/state/colouring/summary';
import { CURVES } from '../../src/scene/points/uniforms';

describe('a scale', () => {
  test.each(SCALE_NAMES)('%s has a place for every number, and leads back', (name) => {
    const { to, from } = SCALES[name];
    for (const value of [-1e6, -3, -1e-9, 0, 1e-9, 0.5, 7, 1e6]) {
      expect(from(to(value))).toBeCloseTo(value, 6);
      expect(to(-value)).toBeCloseTo(-to(value), 12);
    }
    expect(to(8)).toBeGreaterThan(to(7));
    expect(CURVES).toHaveProperty(name);
  });

  test('is the logarithm of one more, or the root', () => {
    expect(SCALES.log1p.to(Math.E - 1)).toBeCloseTo(1, 12);
    expect(SCALES.sqrt.to(-9)).toBe(-3);
  });

  test('has ticks at round values that do not touch', () => {
    expect(ticksOf([0, 5000], 'log1p').map(({ value }) => value)).toEqual([0, 10, 30, 100, 300, 1000, 3000]);
    expect(ticksOf([-100, 100], 'sqrt').map(({ value }) => value)).toEqual([-100, -10, 0, 10, 100]);
    const places = ticksOf([0, 1e9], 'log1p').map(({ at }) => at);
    places.slice(1).forEach((at, index) => expect(at - places[index]).toBeGreaterThanOrEqual(0.12));
    expect(ticksOf([0, 10], 'linear')).toEqual([]);
    expect(ticksOf([3, 3], 'sqrt')).toEqual([]);
  });

  test('spreads the bars of a histogram', () => {
    const gene = paintGene(Float32Array.of(0, 1, 9, 100));
    const at = (scale: 'sqrt' | 'linear') =>
      [...summarise(gene, null, [0, 100], scale).histogram].flatMap((count, bar) => (count > 0 ? [bar] : []));
    expect(at('linear')).toEqual([0, Math.floor(0.09 * N_BARS), N_BARS - 1]);
    expect(at('sqrt')).toEqual([Math.floor(0.1 * N_BARS), Math.floor(0.3 * N_BARS), N_BARS - 1]);
    // A column far from zero has its base added before it is scaled.
    const far = paintNumbers(Float64Array.of(100, 400));
    expect([...summarise(far, null, [0, 400], 'sqrt').histogram].indexOf(1)).toBe(N_BARS / 2);
  });
});

describe('the middle of two-sided colours', () => {
  test('is zero if there are values on both sides, else the middle of the scale', () => {
    expect(usualMiddle([-1, 9], 'linear')).toBe(0);
    expect(usualMiddle([2, 10], 'linear')).toBe(6);
    expect(usualMiddle([0, 16], 'sqrt')).toBeCloseTo(4, 12);
  });

  test('has as much room on both sides, on the scale', () => {
    expect(around(0, [-1, 9], 'linear')).toEqual([-9, 9]);
    expect(around(4, [0, 5], 'linear')).toEqual([0, 8]);
    const [low, high] = around(1, [0, 9], 'sqrt');
    expect([low, high]).toEqual([-1, 9]);
    expect(upTo(-3, 0, 'log1p')[1]).toBeCloseTo(3, 12);
    expect(upTo(1, 4, 'linear')).toEqual([1, 7]);
  });
});

test('maps have two directions, and those that colour-blind people can use are known', () => {
  for (const scheme of SCHEME_NAMES) {
    const colors = schemeColors(scheme);
    expect(colors).toHaveLength(256);
    expect(schemeColors(scheme, true).at(-1)).toBe(colors[0]);
    expect(colorAt(scheme, true)(0)).toBe(colors[255]);
  }
  expect(SCHEME_NAMES.filter((scheme) => !isSafe(scheme))).toEqual(['turbo']);
  expect(SCHEME_NAMES.filter(isDiverging)).toContain('RdBu');
  expect(DIVERGING(1)).toBe(schemeColors('RdBu')[0]);
});
