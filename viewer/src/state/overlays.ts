import { signal } from '@preact/signals-core';

/** Whose links to neighbours are drawn. */
export const EDGE_MODES = ['none', 'pointed', 'selected', 'all'] as const;
export type EdgeMode = (typeof EDGE_MODES)[number];

/** What is drawn over and under the cells, where the bundle has it. */
export class Overlays {
  readonly edges = signal<EdgeMode>('pointed');
  readonly edgeOpacity = signal(0.25);
  /** The vector field that is drawn. */
  readonly vector = signal<number | null>(null);
  readonly arrowLength = signal(1);
  /** Names of categories where their cells lie. */
  readonly labels = signal(false);
}
