import { signal } from '@preact/signals-core';
import type { Bundle } from '../bundle/bundle';

/** Whose links to neighbours are drawn. */
export const EDGE_MODES = ['none', 'pointed', 'selected', 'all'] as const;
export type EdgeMode = (typeof EDGE_MODES)[number];

/** How many edges of many cells are drawn. */
export interface EdgeCount {
  readonly drawn: number;
  /** With an end in the window; null where that was not asked. */
  readonly inSight: number | null;
  readonly total: number;
}

/** What is drawn over and under the cells, where the bundle has it. */
export class Overlays {
  /** A graph is large: it is loaded when it is asked for. */
  readonly edges = signal<EdgeMode>('none');
  readonly edgeOpacity;
  readonly edgesDrawn = signal<EdgeCount | null>(null);
  /** The vector field that is drawn. */
  readonly vector = signal<number | null>(null);
  readonly arrowLength = signal(1);

  constructor({ graph }: Bundle) {
    // The more lines cross, the fainter each of them has to be.
    this.edgeOpacity = signal(Math.min(0.25, Math.max(0.03, 24 / Math.sqrt(graph?.nEdges ?? 1))));
  }
}
