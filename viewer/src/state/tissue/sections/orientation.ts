/** How a section is shown: mirrored first, then turned. */
export interface Orientation {
  /** Clockwise on the screen: 0 to 359. */
  readonly degrees: number;
  /** Whether left and right are exchanged. */
  readonly flipped: boolean;
}

export const UPRIGHT: Orientation = { degrees: 0, flipped: false };

export function isUpright({ degrees, flipped }: Orientation): boolean {
  return degrees === 0 && !flipped;
}

export function turned({ degrees, flipped }: Orientation, by: number): Orientation {
  return { degrees: ((Math.round(degrees + by) % 360) + 360) % 360, flipped };
}

/** Mirrors what is seen, left to right, whatever its rotation. */
export function mirrored({ degrees, flipped }: Orientation): Orientation {
  return { degrees: (360 - degrees) % 360, flipped: !flipped };
}

/**
 * `[a, b, c, d]`: as drawn, a vector (x, y) of the coordinates becomes (a x + b y, c x + d y). `yAxis` says where y
 * leads on the screen.
 */
export function matrixOf(
  { degrees, flipped }: Orientation,
  yAxis: 'up' | 'down',
): readonly [number, number, number, number] {
  const angle = ((yAxis === 'down' ? degrees : -degrees) * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const x = flipped ? -1 : 1;
  return [x * cos, -sin, x * sin, cos];
}
