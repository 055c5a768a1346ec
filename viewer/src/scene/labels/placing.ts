/** A name that wants to stand somewhere: the middle of its box, in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Numbers of the boxes that can stand without touching each other: the earlier one wins.
 * A box whose middle is out of sight does not stand.
 */
export function placeBoxes(boxes: readonly Box[], size: { width: number; height: number }): number[] {
  const standing: number[] = [];
  boxes.forEach((box, index) => {
    const seen = box.x >= 0 && box.x <= size.width && box.y >= 0 && box.y <= size.height;
    if (seen && !standing.some((other) => touch(box, boxes[other]))) standing.push(index);
  });
  return standing;
}

function touch(one: Box, other: Box): boolean {
  return (
    2 * Math.abs(one.x - other.x) < one.width + other.width &&
    2 * Math.abs(one.y - other.y) < one.height + other.height
  );
}
