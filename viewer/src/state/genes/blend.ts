import type { Floats } from '../../bytes/numbers';
import { orderByValue } from '../colouring/order';
import type { BlendPaint } from '../colouring/paint';
import type { Mask } from '../filters/mask';

type Color = readonly [number, number, number];
type Pair = readonly [number, number];

/** What a blend is drawn on. */
export interface Ground {
  /** The colour of cells that express none of the genes. */
  readonly zero: Color;
  readonly stage: Color;
}

export const MOST_BLENDED = 3;
/**
 * Colours of two and of three genes: those whose mixtures differ most on both grounds, also for eyes without green
 * cones. CIEDE2000 is at least 31 among the four mixtures of two, and 11 among the eight of three.
 */
const CHANNELS: Readonly<Record<number, readonly Color[]>> = {
  2: [
    [80, 80, 240],
    [200, 200, 0],
  ],
  3: [
    [93, 0, 213],
    [72, 221, 156],
    [202, 103, 2],
  ],
};
/** Steps of each gene in the table of mixtures: 4,096 colours in all. */
const STEPS: Readonly<Record<number, number>> = { 2: 64, 3: 16 };
/** Steps of a value in a code: square roots of its share of the extent, as most values of genes are small. */
const FINEST = 255;

export const stepsOf = (nGenes: number): number => STEPS[nGenes];

/**
 * The mixture for a share of each gene, from 0 to 1. On a light ground the colours take light away from that of the
 * zeros, like inks; on a dark one they add light to it.
 */
export function mix(shares: readonly number[], { zero, stage }: Ground): Color {
  const isDark = stage[0] < 128;
  const channels = CHANNELS[shares.length];
  return zero.map((byte, at) => {
    let left = isDark ? 255 - byte : byte;
    shares.forEach((share, gene) => {
      const light = channels[gene][at] / 255;
      left *= 1 - share * (isDark ? light : 1 - light);
    });
    return Math.round(isDark ? 255 - left : left);
  }) as unknown as Color;
}

/** RGBA bytes of all mixtures: the steps of the first gene vary fastest. */
export function mixtures(nGenes: number, ground: Ground): Uint8Array<ArrayBuffer> {
  const steps = stepsOf(nGenes);
  const table = new Uint8Array(4 * steps ** nGenes);
  for (let at = 0; 4 * at < table.length; at++) {
    const shares = Array.from(
      { length: nGenes },
      (_, gene) => (Math.floor(at / steps ** gene) % steps) / (steps - 1),
    );
    table.set([...mix(shares, ground), 255], 4 * at);
  }
  return table;
}

/** Blends the values of two or three genes: of each cell, a code with a byte for each gene. */
export function paintBlend(genes: readonly { readonly name: string; readonly values: Floats }[]): BlendPaint {
  const extents = genes.map(({ values }) => extentOf(values));
  const codes = new Float32Array(genes[0].values.length);
  let factor = 1;
  genes.forEach(({ values }, gene) => {
    const [low, high] = extents[gene];
    const perUnit = high > low ? 1 / (high - low) : 0;
    for (let cell = 0; cell < codes.length; cell++) {
      const share = Math.min(1, Math.max(0, (values[cell] - low) * perUnit));
      codes[cell] += factor * Math.round(FINEST * Math.sqrt(share));
    }
    factor *= FINEST + 1;
  });
  // NaN where a gene has no value.
  let nMissing = 0;
  for (let cell = 0; cell < codes.length; cell++) if (Number.isNaN(codes[cell])) nMissing++;
  return {
    kind: 'blend',
    values: codes,
    order: orderByValue(codes.map(weightOf)),
    nMissing,
    genes: genes.map((each, gene) => ({ ...each, extent: extents[gene] })),
  };
}

/** The sum of the shares of a code, up to a factor: cells with a greater one are drawn over others. */
export function weightOf(code: number): number {
  if (Number.isNaN(code)) return NaN;
  return (code & 255) ** 2 + ((code >> 8) & 255) ** 2 + ((code >> 16) & 255) ** 2;
}

function extentOf(values: Floats): Pair {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low && value !== -Infinity) low = value;
    if (value > high && value !== Infinity) high = value;
  }
  // Zero is the end of the scale of a gene that every cell expresses.
  return low <= high ? [Math.min(0, low), high] : [0, 0];
}

/** Bounds as shares of the genes' extents. */
export function sharesOf({ genes }: BlendPaint, ranges: readonly Pair[]): { low: number[]; high: number[] } {
  const share = (end: 0 | 1) =>
    genes.map(({ extent: [low, high] }, gene) =>
      high > low ? (ranges[gene][end] - low) / (high - low) : end,
    );
  return { low: share(0), high: share(1) };
}

export interface Combinations {
  /** Shown cells by the genes that are above zero: bit 0 stands for the first. */
  readonly counts: Uint32Array;
  readonly nMissing: number;
}

export function countCombinations({ values: codes, genes }: BlendPaint, mask: Mask): Combinations {
  const counts = new Uint32Array(2 ** genes.length);
  const all = genes.map(({ values }) => values);
  let nMissing = 0;
  for (let cell = 0; cell < codes.length; cell++) {
    if (mask && mask[cell] === 0) continue;
    if (Number.isNaN(codes[cell])) {
      nMissing++;
      continue;
    }
    let bits = 0;
    for (let gene = 0; gene < all.length; gene++) if (all[gene][cell] > 0) bits |= 1 << gene;
    counts[bits]++;
  }
  return { counts, nMissing };
}

/** Shares of a combination, 0 or 1. */
export function cornerOf(bits: number, nGenes: number): number[] {
  return Array.from({ length: nGenes }, (_, gene) => (bits >> gene) & 1);
}

/** Such as `A only`, `A and B`, `neither`. */
export function combinationName(bits: number, names: readonly string[]): string {
  const some = names.filter((_, gene) => (bits >> gene) & 1);
  if (some.length === 0) return names.length === 2 ? 'neither' : 'none of them';
  if (some.length === names.length) return names.length === 2 ? 'both' : 'all three';
  return some.length === 1 ? `${some[0]} only` : some.join(' and ');
}
