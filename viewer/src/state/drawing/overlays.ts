import { signal } from '@preact/signals-core';
import type { Bundle } from '../../bundle/bundle';

/** The cells whose links to neighbours are drawn. */
export const EDGE_MODES = ['none', 'pointed', 'selected', 'all'] as const;
export type EdgeMode = (typeof EDGE_MODES)[number];

/** The number of drawn edges, if they are those of many cells. */
export interface EdgeCount {
  readonly drawn: number;
  /** Number of edges with an end in the window; null if that was not requested. */
  readonly inView: number | null;
  readonly total: number;
}

/** Edges, vectors and the image, which are drawn over or under the cells if the bundle has them. */
export class Overlays {
  /** A graph is large, so it is loaded on request. */
  readonly edges = signal<EdgeMode>('none');
  readonly edgeOpacity;
  readonly edgesDrawn = signal<EdgeCount | null>(null);
  /** The vector field that is drawn. */
  readonly vector = signal<number | null>(null);
  readonly arrowLength = signal(1);
  /** Whether the outlines of groups are drawn. */
  readonly regions = signal(true);

  constructor({ graph }: Bundle) {
    // The more lines cross, the fainter each of them must be.
    this.edgeOpacity = signal(Math.min(0.25, Math.max(0.03, 24 / Math.sqrt(graph?.nEdges ?? 1))));
  }
}
