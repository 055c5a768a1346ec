import { signal } from '@preact/signals-core';
import { ShapeLook } from './shape_look';

/** Appearance of the points. */
export class Appearance {
  /** Factor for the size that suits the number of cells. */
  readonly pointSize = signal(1);
  readonly opacity = signal(0.9);
  readonly showImage = signal(true);
  readonly imageOpacity = signal(0.75);
  readonly shapes = new ShapeLook();
}
