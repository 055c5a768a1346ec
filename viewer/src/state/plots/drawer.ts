import { signal } from '@preact/signals-core';
import type { MarkerView } from '../markers/markers';

/** Plots drawn from values of cells that the page has loaded. */
export const PLOT_VIEWS = ['histogram', 'composition', 'violin', 'scatter'] as const;
export type PlotView = (typeof PLOT_VIEWS)[number];
export type ViewId = MarkerView | PlotView | 'compare';

/** As tabs, buttons and choices name them. */
export const VIEW_NAMES: Readonly<Record<ViewId, string>> = {
  table: 'Gene table',
  plot: 'Dot plot',
  variable: 'Variable genes',
  spatial: 'Spatial genes',
  neighbours: 'Neighbours',
  histogram: 'Histogram',
  composition: 'Composition',
  compare: 'Compare',
  violin: 'Violins',
  scatter: 'Scatter',
};

export const VIEW_IDS = Object.keys(VIEW_NAMES) as ViewId[];

export const DOCKS = ['below', 'right'] as const;
export type Dock = (typeof DOCKS)[number];
export type Sizes = Readonly<Record<Dock, number | null>>;

/** Least pixels of the drawer and of what is left for the cells. */
const LEAST = { below: { drawer: 180, rest: 120 }, right: { drawer: 280, rest: 200 } } as const;

/** The drawer beside the cells, with one plot or table. */
export class Drawer {
  /** What is open. */
  readonly open = signal<ViewId | null>(null);
  readonly dock = signal<Dock>('below');
  /** Height below and width at the right, in pixels; null if the user has not changed it. */
  readonly sizes = signal<Sizes>({ below: null, right: null });

  /** Makes the drawer as large as wished, if drawer and cells together have so many pixels. */
  resize(dock: Dock, pixels: number, room: number): void {
    const { least, most } = limitsOf(dock, room);
    const size = Math.round(Math.min(most, Math.max(least, pixels)));
    this.sizes.value = { ...this.sizes.peek(), [dock]: size };
  }
}

/** The smallest and the largest drawer. */
export function limitsOf(dock: Dock, room: number): { readonly least: number; readonly most: number } {
  const { drawer, rest } = LEAST[dock];
  return { least: drawer, most: Math.max(drawer, room - rest) };
}
