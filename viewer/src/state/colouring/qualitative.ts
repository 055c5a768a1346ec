import { schemeDark2, schemePaired, schemeSet2, schemeTableau10 } from 'd3-scale-chromatic';
import { categoryColors, N_COLORS } from './palette';

/** Palettes for categories, as offered to the user. Names of ours, of matplotlib, and of R. */
export const PALETTES = {
  distinct: { label: 'Distinct (40)', colors: null, isSafe: false },
  'okabe-ito': {
    label: 'Okabe and Ito (8)',
    colors: ['#e69f00', '#56b4e9', '#009e73', '#f0e442', '#0072b2', '#d55e00', '#cc79a7', '#000000'],
    isSafe: true,
  },
  tab10: { label: 'Tableau (10)', colors: schemeTableau10, isSafe: false },
  set2: { label: 'Set 2 (8)', colors: schemeSet2, isSafe: false },
  dark2: { label: 'Dark 2 (8)', colors: schemeDark2, isSafe: false },
  paired: { label: 'Paired (12)', colors: schemePaired, isSafe: false },
} as const satisfies Record<
  string,
  { readonly label: string; readonly colors: readonly string[] | null; readonly isSafe: boolean }
>;
export type PaletteName = keyof typeof PALETTES;
export const PALETTE_NAMES = Object.keys(PALETTES) as PaletteName[];

/** A colour for each category: the palette's in turn. */
export function paletteColors(name: PaletteName, counts: Uint32Array): string[] {
  const { colors } = PALETTES[name];
  if (colors === null) return categoryColors(counts, null);
  return Array.from(counts, (_, code) => colors[code % colors.length]);
}

/** With more categories than this, its colours repeat. */
export function sizeOf(name: PaletteName): number {
  return PALETTES[name].colors?.length ?? N_COLORS;
}
