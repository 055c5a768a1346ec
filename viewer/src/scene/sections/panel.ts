import type { Section } from '../../bundle/tissue';
import { matrixOf, type Orientation } from '../../state/tissue/sections/orientation';
import type { Projection } from '../view/projection';

/** A panel of the canvas, in CSS pixels of it. */
export interface PlacedPanel {
  readonly section: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** log2 of pixels per unit. */
  readonly zoom: number;
}

/**
 * Turns the coordinates of a section, relative to its minimum, around the middle of its cells, which becomes the origin:
 * 4 x 4, column by column.
 */
export function modelMatrixOf(
  section: Section,
  orientation: Orientation,
  yAxis: 'up' | 'down',
): Float32Array {
  const [a, b, c, d] = matrixOf(orientation, yAxis);
  const [x, y] = middleOf(section);
  return Float32Array.of(a, c, 0, 0, b, d, 0, 0, 0, 0, 1, 0, -(a * x + b * y), -(c * x + d * y), 0, 1);
}

/** From the coordinates of a section, relative to its minimum, to pixels of its panel. */
export function panelProjection(
  model: Float32Array,
  { width, height, zoom }: Pick<PlacedPanel, 'width' | 'height' | 'zoom'>,
  yAxis: 'up' | 'down',
): Projection {
  const scale = 2 ** zoom;
  const down = yAxis === 'down' ? scale : -scale;
  const matrix = new Float64Array(16);
  for (const column of [0, 4, 12]) {
    matrix[column] = scale * model[column];
    matrix[column + 1] = down * model[column + 1];
  }
  matrix[12] += width / 2;
  matrix[13] += height / 2;
  matrix[10] = 1;
  matrix[15] = 1;
  return { matrix, focal: 1 };
}

function middleOf({ minimum, maximum }: Section): readonly [number, number] {
  if (!minimum || !maximum) return [0, 0];
  return [(maximum[0] - minimum[0]) / 2, (maximum[1] - minimum[1]) / 2];
}
