import type { Orientation } from '../tissue/sections/orientation';

/** A section of a tissue that is shown alone: one range of cells. */
export interface Part {
  /** The embedding in which it lies. */
  readonly embedding: number;
  /** Its number. */
  readonly section: number;
  readonly start: number;
  /** Without the last one. */
  readonly end: number;
  readonly orientation: Orientation;
}

/** `[a, b, c, d]`: as drawn, (x, y) is at (a x + b y, c x + d y). It turns and mirrors, and keeps lengths. */
export type Turn = readonly [number, number, number, number];

export const NO_TURN: Turn = [1, 0, 0, 1];

export function turn([a, b, c, d]: Turn, x: number, y: number): [number, number] {
  return [a * x + b * y, c * x + d * y];
}

/** The way back, which is the transpose. */
export function turnBack([a, b, c, d]: Turn, x: number, y: number): [number, number] {
  return [a * x + c * y, b * x + d * y];
}
