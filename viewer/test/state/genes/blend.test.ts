import { describe, expect, test } from 'vitest';
import { contrast } from '../../../src/state/colouring/contrast';
import { isDrawnOver } from '../../../src/state/colouring/drawn_over';
import {
  combinationName,
  cornerOf,
  countCombinations,
  mix,
  mixtures,
  paintBlend,
  sharesOf,
  stepsOf,
} from '../../../src/state/genes/blend';
import { placeBlend } from '../../../src/state/picture/blend_layout';
import { COLORS } from '../../../src/ui/stage/colors';
import { difference, toLab } from '../../colour_difference';

const css = (color: readonly number[]) => `rgb(${color.join(', ')})`;

describe.each(['light', 'dark'] as const)('mixtures on a %s ground', (theme) => {
  const ground = COLORS[theme];

  test.each([
    [2, 31],
    [3, 11],
  ])('of %i genes differ by %i or more, also for eyes without green cones', (nGenes, least) => {
    const colors = Array.from({ length: 2 ** nGenes }, (_, bits) => css(mix(cornerOf(bits, nGenes), ground)));
    for (const greenless of [false, true]) {
      const labs = colors.map((color) => toLab(color, { greenless }));
      labs.forEach((lab, at) =>
        labs.slice(0, at).forEach((other) => expect(difference(lab, other)).toBeGreaterThan(least)),
      );
    }
    for (const color of colors.slice(1)) expect(contrast(color, css(ground.stage))).toBeGreaterThan(2);
  });

  test('begin with the colour of zeros, and fill a table', () => {
    expect(mix([0, 0], ground)).toEqual(ground.zero);
    for (const nGenes of [2, 3]) {
      const table = mixtures(nGenes, ground);
      expect(table).toHaveLength(4 * 4096);
      expect([...table.slice(0, 3)]).toEqual(ground.zero);
      const last = stepsOf(nGenes) - 1;
      expect([...table.slice(4 * last, 4 * last + 3)]).toEqual(mix(cornerOf(1, nGenes), ground));
    }
  });
});

const A = Float32Array.of(0, 1, 4, 0, NaN);
const B = Float32Array.of(0, 0, 2, 1, 1);
const blend = paintBlend([
  { name: 'A', values: A },
  { name: 'B', values: B },
]);

test('a blend has a byte for each gene: the root of its share', () => {
  const b = Math.round(255 * Math.sqrt(0.5));
  expect([...blend.values]).toEqual([0, 128, 255 + 256 * 255, 256 * b, NaN]);
  expect(blend.nMissing).toBe(1);
  expect([...blend.order]).toEqual([4, 0, 1, 3, 2]);
  for (let at = 1; at < 5; at++) expect(isDrawnOver(blend, blend.order[at], blend.order[at - 1])).toBe(true);
  // Three bytes are exact as a float.
  const three = paintBlend([A, A, A].map((values) => ({ name: '', values })));
  expect(three.values[2]).toBe(2 ** 24 - 1);
});

test('ranges are shares of the extent, which begins at zero', () => {
  expect(blend.genes.map(({ extent }) => extent)).toEqual([
    [0, 4],
    [0, 2],
  ]);
  expect(
    sharesOf(blend, [
      [1, 4],
      [0, 1],
    ]),
  ).toEqual({ low: [0.25, 0], high: [1, 0.5] });
  const constant = paintBlend([A, Float32Array.of(3, 3, 3, 3, 3)].map((values) => ({ name: '', values })));
  expect(constant.genes[1].extent).toEqual([0, 3]);
  const scaled = paintBlend([A, Float32Array.of(-3, 0, 1, 1, 1)].map((values) => ({ name: '', values })));
  expect(scaled.genes[1].extent).toEqual([-3, 1]);
});

test('combinations are counted among the shown cells', () => {
  expect(countCombinations(blend, null)).toEqual({ counts: Uint32Array.of(1, 1, 1, 1), nMissing: 1 });
  const mask = Uint8Array.of(255, 0, 255, 255, 0);
  expect(countCombinations(blend, mask)).toEqual({ counts: Uint32Array.of(1, 0, 1, 1), nMissing: 0 });
  const names = ['A', 'B', 'C'];
  expect([0, 1, 3].map((bits) => combinationName(bits, names.slice(0, 2)))).toEqual([
    'neither',
    'A only',
    'both',
  ]);
  expect([0, 2, 5, 7].map((bits) => combinationName(bits, names))).toEqual([
    'none of them',
    'B only',
    'A and C',
    'all three',
  ]);
});

test('the legend of a picture has a square for two genes and bars for three', () => {
  const genes = ['A', 'B', 'C'].map((name) => ({ name, ends: ['0', '≥ 2'] as const }));
  const square = placeBlend(genes.slice(0, 2), 30);
  expect(square.tiles).toHaveLength(256);
  expect(square.lines.map(({ text }) => text)).toEqual(['↑ B 0 to ≥ 2', '→ A 0 to ≥ 2']);
  // The second gene grows upwards.
  const high = square.tiles.find(({ shares }) => shares[0] === 0 && shares[1] === 1)!;
  const low = square.tiles.find(({ shares }) => shares[0] === 0 && shares[1] === 0)!;
  expect(high.y).toBeLessThan(low.y);
  const bars = placeBlend(genes, 30);
  expect(new Set(bars.tiles.map(({ y }) => y)).size).toBe(3);
  expect(placeBlend([], 30).height).toBe(0);
});
