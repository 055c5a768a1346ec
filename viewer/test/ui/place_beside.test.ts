import { describe, expect, test } from 'vitest';
import { placeBeside } from '../../src/ui/stage/place_beside';

const box = { width: 200, height: 90 };
const stage = { width: 800, height: 600 };

describe('a tooltip', () => {
  test('stands to the right of the cell, or where the edge is near to the left', () => {
    expect(placeBeside({ x: 300, y: 300, diameter: 10 }, box, stage)).toEqual({
      left: 317,
      top: 270,
      height: 90,
    });
    expect(placeBeside({ x: 700, y: 300, diameter: 10 }, box, stage)).toMatchObject({ left: 483 });
  });

  test('stands below or above on a narrow page', () => {
    const narrow = { width: 390, height: 440 };
    expect(placeBeside({ x: 195, y: 100, diameter: 10 }, box, narrow)).toEqual({
      left: 95,
      top: 117,
      height: 90,
    });
    expect(placeBeside({ x: 195, y: 400, diameter: 10 }, box, narrow)).toEqual({
      left: 95,
      top: 293,
      height: 90,
    });
    expect(placeBeside({ x: 180, y: 400, diameter: 10 }, { width: 300, height: 90 }, narrow).left).toBe(30);
  });

  test('is cut rather than laid over the cell', () => {
    const tiny = { width: 160, height: 120 };
    expect(placeBeside({ x: 80, y: 90, diameter: 20 }, box, tiny)).toMatchObject({ top: 8, height: 60 });
  });

  test('is on the stage and beside the cell, wherever that is and however large', () => {
    const wrong: unknown[] = [];
    for (const size of [stage, { width: 390, height: 440 }, { width: 320, height: 300 }])
      for (const { width, height } of [box, { width: 150, height: 30 }, { width: 280, height: 250 }])
        for (let x = 0; x <= size.width; x += 10)
          for (let y = 0; y <= size.height; y += 10)
            for (const diameter of [1, 10, 60]) {
              const at = placeBeside({ x, y, diameter }, { width, height }, size);
              const [right, bottom] = [at.left + width, at.top + at.height];
              const apart = Math.max(at.left - x, x - right, at.top - y, y - bottom);
              const inside =
                at.left >= 8 && right <= size.width - 8 && at.top >= 8 && bottom <= size.height - 8;
              if (apart <= diameter / 2 || !inside) wrong.push({ x, y, diameter, size, width, height, at });
            }
    expect(wrong).toEqual([]);
  });
});
