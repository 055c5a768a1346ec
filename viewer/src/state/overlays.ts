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

/** Larger graphs are loaded only when they are asked for. */
const LIGHT_GRAPH = 5_000_000;

/** What is drawn over and under the cells, where the bundle has it. */
export class Overlays {
  /** What it begins with. */
  readonly firstEdges: EdgeMode;
  readonly edges;
  readonly edgeOpacity;
  readonly edgesDrawn = signal<EdgeCount | null>(null);
  /** The vector field that is drawn. */
  readonly vector = signal<number | null>(null);
  readonly arrowLength = signal(1);

  constructor({ graph }: Bundle) {
    this.firstEdges = graph && graph.nEdges <= LIGHT_GRAPH ? 'pointed' : 'none';
    this.edges = signal<EdgeMode>(this.firstEdges);
    // The more lines cross, the fainter each of them has to be.
    this.edgeOpacity = signal(Math.min(0.25, Math.max(0.03, 24 / Math.sqrt(graph?.nEdges ?? 1))));
  }
}
