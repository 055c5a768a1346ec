import { pictureLegend, type PictureLegend } from '../../state/picture/legend';
import type { Session } from '../../state/session';

/** The legends of the cells: with a curtain, that of its left side and that of its right side. */
export function legendsOf({ drawn, colouring, curtain }: Session): PictureLegend[] {
  const sides = curtain.isDrawn.peek() ? [colouring, curtain.colouring] : [colouring];
  return sides.flatMap((each) => pictureLegend({ drawn, colouring: each }) ?? []);
}
