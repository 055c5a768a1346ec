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
  /** Whether it is a part of a figure, which has no curtain. */
  readonly isFigure: boolean;
}

const PARTS: readonly Part[] = ['images', 'edges', 'cells', 'overlays'];
export const PAGE = { points: 1, unit: 1, fineness: 1, parts: PARTS, isFigure: false } as const;
