import type { Section } from '../../../bundle/tissue';
import type { Size } from '../../view/camera';
import { matrixOf, type Orientation } from './orientation';

/** Pixels around the cells of a panel. */
const MARGIN = 12;

/** The width and height of a section as it is turned, in the units of its coordinates. */
export function spanOf({ minimum, maximum }: Section, orientation: Orientation, spot: number): Size {
  if (!minimum || !maximum) return { width: 0, height: 0 };
  const [a, b, c, d] = matrixOf(orientation, 'down').map(Math.abs);
  const [x, y] = [maximum[0] - minimum[0], maximum[1] - minimum[1]];
  return { width: a * x + b * y + spot, height: c * x + d * y + spot };
}

/** log2 of pixels per unit so that a span fits into a panel; Infinity for a span of nothing. */
export function zoomFor(span: Size, panel: Size): number {
  const [width, height] = [Math.max(8, panel.width - 2 * MARGIN), Math.max(8, panel.height - 2 * MARGIN)];
  return Math.log2(Math.min(width / span.width, height / span.height));
}

/** The zoom that all spans fit at; 0 without any. */
export function sharedZoom(spans: readonly Size[], panel: Size): number {
  const zoom = spans.reduce((least, span) => Math.min(least, zoomFor(span, panel)), Infinity);
  return Number.isFinite(zoom) ? zoom : 0;
}

/** Width through height of the panels that spans of this kind fill best. */
export function aspectOf(spans: readonly Size[]): number {
  const [width, height] = (['width', 'height'] as const).map((side) =>
    spans.reduce((most, span) => Math.max(most, span[side]), 0),
  );
  return width > 0 && height > 0 ? width / height : 1;
}
