/** The wanted position of a label: the middle of its box, in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Window {
  readonly width: number;
  readonly height: number;
}

/** Moves a box whose centre is visible so that all of it is, if the window is large enough. */
export function keepInside<B extends Box>(box: B, size: Window): B {
  if (!isSeen(box, size)) return box;
  const within = (at: number, side: number, room: number) =>
    Math.max(side / 2, Math.min(room - side / 2, at));
  return { ...box, x: within(box.x, box.width, size.width), y: within(box.y, box.height, size.height) };
}

/**
 * Numbers of the boxes that can be drawn without touching each other: the earlier one wins.
 * A box whose centre is out of view is not drawn.
 */
export function placeBoxes(boxes: readonly Box[], size: Window): number[] {
  const standing: number[] = [];
  boxes.forEach((box, index) => {
    if (isSeen(box, size) && !standing.some((other) => touch(box, boxes[other]))) standing.push(index);
  });
  return standing;
}

/** Whether the centre of a box is in the window. */
export function isSeen({ x, y }: Box, size: Window): boolean {
  return x >= 0 && x <= size.width && y >= 0 && y <= size.height;
}

/** Whether two boxes overlap. */
export function touch(one: Box, other: Box): boolean {
  return (
    2 * Math.abs(one.x - other.x) < one.width + other.width &&
    2 * Math.abs(one.y - other.y) < one.height + other.height
  );
}
