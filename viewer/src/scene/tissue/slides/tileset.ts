import type { Viewport } from '@deck.gl/core';
import { _Tileset2D as Tileset2D } from '@deck.gl/geo-layers';
import type { PlacedSlide } from '../../../state/drawing/slides';
import { levelAt, tilesIn, type TileAt } from './level';

type Indices = ReturnType<Tileset2D['getTileIndices']>;

/** The kind of tileset that knows the levels of a slide; deck.gl's own is for squares that are never turned. */
export function tilesetOf(slide: PlacedSlide): typeof Tileset2D {
  return class SlideTileset extends Tileset2D {
    /** deck.gl takes a typed array for no matrix here. */
    override update(viewport: Viewport, options?: Parameters<Tileset2D['update']>[1]): number {
      const { zRange = null, modelMatrix = null } = options ?? {};
      return super.update(viewport, { zRange, modelMatrix: modelMatrix && Array.from(modelMatrix) });
    }

    override getTileIndices({
      viewport,
      modelMatrix,
      modelMatrixInverse,
    }: Parameters<Tileset2D['getTileIndices']>[0]): Indices {
      const toSlide = (x: number, y: number) => {
        const [left, top] = viewport.unproject([x, y]);
        const spot = modelMatrixInverse?.transformAsPoint([left, top, 0]) ?? [left, top];
        return [spot[0], spot[1]] as const;
      };
      const toWindow = (x: number, y: number) => {
        const spot = modelMatrix?.transformAsPoint([x, y, 0]) ?? [x, y, 0];
        const [left, top] = viewport.project([...spot]);
        return [left, top] as const;
      };
      const level = levelAt(slide, pixelsAcross(viewport, toSlide));
      return tilesIn(slide, level, viewport, toSlide, toWindow).map(indexOf);
    }
  };
}

/** deck.gl counts levels from the full size, which is 0, downwards. */
function indexOf({ level, row, column }: TileAt) {
  return { x: column, y: row, z: -level };
}

export function tileOf({ x, y, z }: Indices[number]): TileAt {
  return { level: -z, row: y, column: x };
}

/** Pixels of the full size for each pixel of the screen. */
function pixelsAcross(
  { width, height }: Viewport,
  toSlide: (x: number, y: number) => readonly [number, number],
) {
  const [from, right, down] = [toSlide(0, 0), toSlide(width, 0), toSlide(0, height)];
  const [a, b] = [right[0] - from[0], right[1] - from[1]];
  const [c, d] = [down[0] - from[0], down[1] - from[1]];
  return Math.sqrt(Math.abs(a * d - b * c) / (width * height)) / devicePixelRatio;
}
