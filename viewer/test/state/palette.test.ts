import { describe, expect, test } from 'vitest';
import { contrast, findFaint, luminance, parseColor } from '../../src/state/colouring/contrast';
import { categoryColors, lookupTable, N_COLORS } from '../../src/state/colouring/palette';
import { isDiverging, SCHEME_NAMES, schemeColors } from '../../src/state/colouring/schemes';
import { COLORS } from '../../src/ui/stage/colors';
import { difference, toLab, type Lab } from '../colour_difference';

/** Stage and panel of both themes, as in tokens.css. */
const LIGHT = { stage: '#fcfcfb', panel: '#ffffff', least: 2 };
const DARK = { stage: '#0e1315', panel: '#161c1f', least: 2.6 };
/** Of points, as a session begins with. */
const OPACITY = 0.9;

/** Colours of so many categories; the one of this number has the most cells. */
const choose = (count: number, largest = 0) =>
  categoryColors(
    Uint32Array.from({ length: count }, (_, code) => (code === largest ? 9 : 1)),
    null,
  );

function smallest(colors: readonly string[], eye = {}): number {
  const labs = colors.map((color) => toLab(color, eye));
  return Math.min(...labs.flatMap((lab, i) => labs.slice(0, i).map((other) => difference(lab, other))));
}

function over(color: string, ground: string): string {
  const below = parseColor(ground);
  const mixed = parseColor(color).map((byte, i) => Math.round(OPACITY * byte + (1 - OPACITY) * below[i]));
  return `rgb(${mixed.join(', ')})`;
}

test.each<[Lab, Lab, number]>([
  // Of the pairs that Sharma, Wu and Dalal give to check programs with.
  [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
  [[50, -1, 2], [50, 0, 0], 2.3669],
  [[50, 2.49, -0.001], [50, -2.49, 0.0009], 7.1792],
  [[50, 2.5, 0], [58, 24, 15], 19.4535],
  [[22.7233, 20.0904, -46.694], [23.0331, 14.973, -42.5619], 2.0373],
  [[2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082],
])('%j and %j differ by %f', (one, other, wanted) => {
  expect(difference(one, other)).toBeCloseTo(wanted, 4);
});

describe('colours that the page chooses', () => {
  test.each([LIGHT, DARK])('stand out from %j, as points too', ({ stage, panel, least }) => {
    for (const color of choose(N_COLORS)) {
      expect(contrast(color, stage)).toBeGreaterThanOrEqual(least);
      expect(contrast(color, panel)).toBeGreaterThanOrEqual(2);
      expect(contrast(over(color, stage), stage)).toBeGreaterThanOrEqual(least);
    }
  });

  test.each([
    [6, 22.2],
    [8, 17.5],
    [20, 16.0],
    [40, 14.7],
  ])('up to %i differ by %f or more', (count, least) => {
    expect(smallest(choose(count))).toBeGreaterThanOrEqual(least - 0.05);
  });

  test('up to 10 differ for eyes without green cones', () => {
    expect(smallest(choose(10), { greenless: true })).toBeGreaterThanOrEqual(12.4);
  });

  test('differ from that of missing values', () => {
    for (const missing of ['#cbcfd2', '#444c52']) {
      const lab = toLab(missing);
      for (const color of choose(N_COLORS)) expect(difference(toLab(color), lab)).toBeGreaterThan(12);
    }
  });

  test('never leave the palest to the category with the most cells', () => {
    for (const count of [2, 3, 5, 12, 40, 57]) {
      for (let largest = 0; largest < count; largest++) {
        const colors = choose(count, largest);
        const used = [...new Set(colors)].map(luminance);
        expect(luminance(colors[largest])).toBeLessThan(Math.max(...used));
        // The darkest is the palest of the dark theme; of two, one has to be.
        if (count > 2) expect(luminance(colors[largest])).toBeGreaterThan(Math.min(...used));
        expect([...colors].sort()).toEqual([...choose(count)].sort());
      }
    }
  });

  test('come again beyond those that there are', () => {
    const colors = choose(100);
    expect(new Set(colors.slice(0, N_COLORS)).size).toBe(N_COLORS);
    expect(colors.slice(N_COLORS, 2 * N_COLORS)).toEqual(colors.slice(0, N_COLORS));
  });

  test('are none for no category, and are fine for empty ones', () => {
    expect(choose(0)).toEqual([]);
    expect(new Set(categoryColors(new Uint32Array(3), null)).size).toBe(3);
  });
});

describe('the grey of cells that do not express a gene', () => {
  const themes = [
    { ...LIGHT, ...COLORS.light, least: 1.3 },
    { ...DARK, ...COLORS.dark, least: 1.6 },
  ];
  const rgb = (color: readonly number[]) => `rgb(${color.join(', ')})`;

  test.each(themes)('is seen on $stage, as a point too', ({ stage, zero, least }) => {
    expect(contrast(rgb(zero), rgb(stage))).toBeGreaterThanOrEqual(least);
    expect(contrast(over(rgb(zero), rgb(stage)), rgb(stage))).toBeGreaterThanOrEqual(least - 0.1);
  });

  test.each(
    themes.flatMap((theme) =>
      (['viridis', 'cividis', 'magma'] as const).map((scheme) => ({ ...theme, scheme })),
    ),
  )(
    'differs from the lowest colour of $scheme on $stage, and from every other one',
    ({ zero, stage, scheme }) => {
      for (const eye of [{}, { greenless: true }]) {
        const grey = toLab(rgb(zero), eye);
        const differences = schemeColors(scheme).map((color) => difference(toLab(color, eye), grey));
        expect(differences[0]).toBeGreaterThan(15);
        expect(Math.min(...differences)).toBeGreaterThan(11);
        // Points let some of the stage through.
        const [point, low] = [rgb(zero), schemeColors(scheme)[0]].map((c) => toLab(over(c, rgb(stage)), eye));
        expect(difference(point, low)).toBeGreaterThan(13);
      }
    },
  );

  test.each(SCHEME_NAMES.filter((scheme) => !isDiverging(scheme)))(
    'differs from each colour of %s in both themes',
    (scheme) => {
      for (const { zero } of themes) {
        for (const eye of [{}, { greenless: true }]) {
          const grey = toLab(rgb(zero), eye);
          for (const color of schemeColors(scheme, false, 64))
            expect(difference(toLab(color, eye), grey)).toBeGreaterThan(7);
        }
      }
    },
  );
});

test('colours of the bundle are taken as they are', () => {
  expect(categoryColors(Uint32Array.of(5, 1), ['#ffffff', '#000002'])).toEqual(['#ffffff', '#000002']);
});

test('colours of the bundle that the stage swallows are found', () => {
  const given = ['#ffffff', '#ff0000', '#0e1315', '#f0f0f0', '#d0d0d0'];
  expect([...findFaint(given, 'rgb(252, 252, 251)')]).toEqual([0, 3]);
  expect([...findFaint(given, 'rgb(14, 19, 21)')]).toEqual([2]);
  for (const { stage } of [LIGHT, DARK]) expect(findFaint(choose(N_COLORS), stage).size).toBe(0);
});

test('contrast is that of WCAG', () => {
  expect(contrast('#ffffff', '#000000')).toBeCloseTo(21, 10);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  expect(contrast('#123456', '#123456')).toBe(1);
});

test('colours are laid out as the shader reads them', () => {
  expect([...lookupTable(['#010203', '#ffffff']).subarray(0, 8)]).toEqual([1, 2, 3, 255, 255, 255, 255, 255]);
  expect(lookupTable(choose(257))).toHaveLength(2 * 256 * 4);
  expect(schemeColors('viridis')).toHaveLength(256);
  expect(parseColor(schemeColors('viridis')[0])).toEqual([68, 1, 84]);
});
