import type { PathsShape } from '../../state/picture/shapes';
import type { Segments } from '../arrows/segments';
import { projectInto, type Projection } from '../view/projection';

interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How lines with or without a head are drawn, as in the shader; lengths in units of the frame. */
export interface PathLook {
  readonly name: string;
  readonly color: string;
  readonly rim: string;
  readonly width: number;
  readonly head: number;
  readonly halo: number;
}
/** Opacity of the rim. */
const RIM = 0.75;

/** The ends of lines on a frame, x and y in turn: those that may be seen. Null if there are more than `most`. */
export function endsIn(
  segments: Segments,
  projection: Projection,
  frame: Frame,
  most: number,
): number[] | null {
  const ends: number[] = [];
  const [tail, tip] = [new Float64Array(3), new Float64Array(3)];
  for (let at = 0; at < 3 * segments.count; at += 3) {
    for (const [out, from] of [
      [tail, segments.tails],
      [tip, segments.tips],
    ] as const)
      projectInto(out, projection, from[at], from[at + 1], from[at + 2]);
    // What is behind the camera or has no coordinates is not drawn.
    if (!(tail[2] > 0 && tip[2] > 0) || Number.isNaN(tail[0] + tail[1] + tip[0] + tip[1])) continue;
    const isBeside = (axis: 0 | 1, side: number) =>
      Math.max(tail[axis], tip[axis]) < 0 || Math.min(tail[axis], tip[axis]) > side;
    if (isBeside(0, frame.width) || isBeside(1, frame.height)) continue;
    if (ends.length === 4 * most) return null;
    ends.push(tail[0] + frame.x, tail[1] + frame.y, tip[0] + frame.x, tip[1] + frame.y);
  }
  return ends;
}

/** Plain lines. */
export function linesOf(
  ends: readonly number[],
  name: string,
  color: string,
  opacity: number,
  width: number,
): PathsShape {
  return { kind: 'paths', name, corners: Float32Array.from(ends), each: 2, color, opacity, width };
}

/** Arrows, or bars without a head, with a rim below all of them. */
export function arrowsOf(ends: readonly number[], look: PathLook): PathsShape[] {
  const { name, color, rim, halo } = look;
  const each = look.head > 0 ? 7 : 4;
  const corners = new Float32Array((ends.length / 4) * each * 2);
  for (let at = 0, to = 0; at < ends.length; at += 4, to += each * 2)
    corners.set(outlineOf([ends[at], ends[at + 1]], [ends[at + 2], ends[at + 3]], look), to);
  return [
    { kind: 'paths', name: `${name}, rim`, corners, each, color: rim, opacity: RIM, width: 2 * halo },
    { kind: 'paths', name, corners, each, color, opacity: 1, width: 0 },
  ];
}

/** The corners of an arrow: along one side of its shaft to the tip, and back along the other. */
function outlineOf(
  [fromX, fromY]: readonly number[],
  [toX, toY]: readonly number[],
  { width, head }: PathLook,
): number[] {
  const reach = Math.hypot(toX - fromX, toY - fromY);
  const [alongX, alongY] = reach > 0 ? [(toX - fromX) / reach, (toY - fromY) / reach] : [1, 0];
  const length = Math.min(head, 0.65 * reach);
  const [half, wing, neck] = [width / 2, 0.42 * length, reach - length];
  const side: [number, number][] =
    head > 0
      ? [
          [0, half],
          [neck, Math.min(half, wing)],
          [neck, wing],
        ]
      : [
          [0, half],
          [reach, half],
        ];
  const back = side.map(([along, across]): [number, number] => [along, -across]).reverse();
  const tip: [number, number][] = head > 0 ? [[reach, 0]] : [];
  return [...side, ...tip, ...back].flatMap(([along, across]) => [
    fromX + along * alongX - across * alongY,
    fromY + along * alongY + across * alongX,
  ]);
}
