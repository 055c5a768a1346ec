import { earcut } from '@math.gl/polygon';
import type { Shapes } from '../../../bundle/tissue';
import type { Floats } from '../../../bytes/numbers';

/** The shapes of a tile, ready to be drawn and searched. */
export interface ShapeGeometry {
  readonly cells: Shapes['cells'];
  readonly starts: Shapes['starts'];
  readonly vertices: Floats;
  /** Three vertices for each triangle. */
  readonly triangles: Uint32Array<ArrayBuffer>;
  /** Two vertices for each piece of an outline. */
  readonly lines: Uint32Array<ArrayBuffer>;
  readonly byteLength: number;
}

/** Cuts polygons into triangles. */
export function geometryOf({ cells, starts, vertices }: Shapes): ShapeGeometry {
  const nVertices = vertices.length / 2;
  const triangles = new Uint32Array(3 * nVertices);
  const lines = new Uint32Array(2 * nVertices);
  let [nCorners, nEnds] = [0, 0];
  for (let shape = 0; shape < cells.length; shape++) {
    const [from, to] = [starts[shape], starts[shape + 1]];
    // A polygon of n vertices has at most n - 2 triangles.
    for (const corner of earcut(vertices.subarray(2 * from, 2 * to))) triangles[nCorners++] = from + corner;
    for (let at = from; at < to; at++) {
      lines[nEnds++] = at;
      lines[nEnds++] = at + 1 < to ? at + 1 : from;
    }
  }
  const made = { cells, starts, vertices, triangles: triangles.slice(0, nCorners), lines };
  const nBytes = Object.values(made).reduce((sum, array) => sum + array.byteLength, 0);
  // And the colours of the vertices.
  return { ...made, byteLength: nBytes + 4 * nVertices };
}

/** The shape that holds a place; the last one of several, as it is drawn over the others. */
export function shapeAt(
  { starts, vertices }: Pick<ShapeGeometry, 'starts' | 'vertices'>,
  x: number,
  y: number,
): number | null {
  for (let shape = starts.length - 2; shape >= 0; shape--)
    if (holds(vertices, starts[shape], starts[shape + 1], x, y)) return shape;
  return null;
}

/** Whether a ring goes around a place: a ray to the right crosses it an odd number of times. */
function holds(vertices: Floats, from: number, to: number, x: number, y: number): boolean {
  let inside = false;
  for (let at = from, before = to - 1; at < to; before = at++) {
    const [x1, y1, x2, y2] = [
      vertices[2 * at],
      vertices[2 * at + 1],
      vertices[2 * before],
      vertices[2 * before + 1],
    ];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}
