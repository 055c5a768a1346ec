import type { Size } from '../view/camera';

/** A rectangle on the screen, in pixels. */
export interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const STEP = 16;
const LEAST = 8;
const ARROWS: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['ArrowLeft', [-1, 0]],
  ['ArrowRight', [1, 0]],
  ['ArrowUp', [0, -1]],
  ['ArrowDown', [0, 1]],
]);

export function isArrow(key: string): boolean {
  return ARROWS.has(key);
}

/** In the middle, a quarter as wide and high as the stage. */
export function firstFrame({ width, height }: Size): Frame {
  return { x: width * 0.375, y: height * 0.375, width: width / 4, height: height / 4 };
}

/** Moves a rectangle by an arrow key, or changes its size. It stays on the stage. */
export function moveFrame(frame: Frame, key: string, resizes: boolean, stage: Size): Frame {
  const [dx, dy] = ARROWS.get(key) ?? [0, 0];
  const clamp = (value: number, least: number, most: number) => Math.max(least, Math.min(most, value));
  if (resizes) {
    const width = clamp(frame.width + dx * STEP, LEAST, stage.width - frame.x);
    const height = clamp(frame.height + dy * STEP, LEAST, stage.height - frame.y);
    return { ...frame, width, height };
  }
  const x = clamp(frame.x + dx * STEP, 0, stage.width - frame.width);
  const y = clamp(frame.y + dy * STEP, 0, stage.height - frame.height);
  return { ...frame, x, y };
}

export function cornersOf({ x, y, width, height }: Frame): [number, number][] {
  return [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
}

/** The rectangle between two corners. */
export function frameBetween([x, y]: readonly [number, number], [u, v]: readonly [number, number]): Frame {
  return { x: Math.min(x, u), y: Math.min(y, v), width: Math.abs(u - x), height: Math.abs(v - y) };
}
