import { signal } from '@preact/signals-core';
import type { Bundle } from '../../bundle/bundle';
import type { ShapeSet } from '../../bundle/tissue';

/** How boundaries of cells are drawn. */
export class ShapeLook {
  /** Number of the set that is drawn; null for none. */
  readonly shown = signal<number | null>(0);
  readonly opacity = signal(0.55);
  readonly hasOutlines = signal(true);

  /** The set of a bundle that is drawn on an embedding. */
  on({ tissue }: Bundle, embedding: number): ShapeSet | null {
    const shown = this.shown.value;
    const set = shown === null ? undefined : tissue?.shapes[shown];
    return set?.embedding === embedding ? set : null;
  }
}
