import type { SceneColors } from '../colors';

/** What a picture is drawn of, from back to front. */
export type Part = 'images' | 'edges' | 'cells' | 'overlays';

/** The look of a figure. */
export interface FigureLook {
  readonly colors: SceneColors;
  /** Factor for the points. */
  readonly points: number;
}

/** How the canvas is drawn: for the page, or as a part of a figure. */
export interface Drawing {
  readonly colors: SceneColors;
  readonly points: number;
  /** Pixels of the browser per pixel of the page. */
  readonly unit: number;
  /** Pixels of the picture per pixel of the screen. */
  readonly fineness: number;
  readonly parts: readonly Part[];
  readonly isFigure: boolean;
  /** The share of the width that the page's picture takes: the rest is beside it. */
  readonly wide: number;
}

/** Where in a frame the curtain is, given where it is on the page: the same cells are to its left. Shares of the width. */
export function curtainIn(at: number, wide: number): number {
  return Math.min(1, Math.max(0, 0.5 + (at - 0.5) * wide));
}

const PARTS: readonly Part[] = ['images', 'edges', 'cells', 'overlays'];
export const PAGE = { points: 1, unit: 1, fineness: 1, parts: PARTS, isFigure: false, wide: 1 } as const;
