import { expect, test } from 'vitest';
import { cornersOf, firstFrame, frameBetween, moveFrame } from '../../src/state/selection/frame';
import { inSlices } from '../../src/state/selection/slices';
import { heldMode, LEAST_RADIUS, MOST_RADIUS, Tools } from '../../src/state/selection/tools';

const STAGE = { width: 800, height: 400 };

test('a tool that is chosen again is put down', () => {
  const tools = new Tools();
  tools.toggle('brush');
  expect([tools.tool.value, tools.isSelecting.value]).toEqual(['brush', true]);
  tools.frame.value = firstFrame(STAGE);
  tools.toggle('brush');
  expect([tools.tool.value, tools.isSelecting.value, tools.frame.value]).toEqual(['move', false, null]);
});

test('the brush grows and shrinks within bounds', () => {
  const tools = new Tools();
  const first = tools.radius.value;
  tools.resize(1);
  expect(tools.radius.value).toBeGreaterThan(first);
  tools.resize(-1);
  expect(tools.radius.value).toBe(first);
  tools.resize(-99);
  expect(tools.radius.value).toBe(LEAST_RADIUS);
  tools.resize(1);
  expect(tools.radius.value).toBeGreaterThan(LEAST_RADIUS);
  tools.resize(99);
  expect(tools.radius.value).toBe(MOST_RADIUS);
});

test('held keys decide the mode', () => {
  const held = (shiftKey: boolean, altKey: boolean) => heldMode({ shiftKey, altKey });
  expect([held(false, false), held(true, false), held(false, true), held(true, true)]).toEqual([
    null,
    'add',
    'subtract',
    'intersect',
  ]);
  const tools = new Tools();
  tools.mode.value = 'subtract';
  expect(tools.modeFor({ shiftKey: false, altKey: false })).toBe('replace');
  expect(tools.modeFor({ shiftKey: true, altKey: false })).toBe('add');
  tools.choose('lasso');
  expect(tools.modeFor({ shiftKey: false, altKey: false })).toBe('subtract');
});

test('arrow keys move a rectangle and change its size, and it stays on the stage', () => {
  const first = firstFrame(STAGE);
  expect(first).toEqual({ x: 300, y: 150, width: 200, height: 100 });
  expect(moveFrame(first, 'ArrowLeft', false, STAGE)).toEqual({ ...first, x: 284 });
  expect(moveFrame(first, 'ArrowDown', true, STAGE)).toEqual({ ...first, height: 116 });
  let frame = first;
  for (let time = 0; time < 99; time++) frame = moveFrame(frame, 'ArrowRight', false, STAGE);
  expect(frame.x).toBe(600);
  for (let time = 0; time < 99; time++) frame = moveFrame(frame, 'ArrowLeft', true, STAGE);
  expect(frame).toEqual({ x: 600, y: 150, width: 8, height: 100 });
  for (let time = 0; time < 99; time++) frame = moveFrame(frame, 'ArrowRight', true, STAGE);
  expect(frame.width).toBe(200);
  expect(cornersOf(frameBetween([5, 9], [1, 2]))).toEqual([
    [1, 2],
    [5, 2],
    [5, 9],
    [1, 9],
  ]);
});

test('work in slices goes through everything once', async () => {
  const seen = new Uint8Array(200_001);
  await inSlices(seen.length, (from, to) => {
    for (let at = from; at < to; at++) seen[at]++;
  });
  expect(seen.every((times) => times === 1)).toBe(true);
  await inSlices(0, () => {
    throw new Error('there is nothing to do');
  });
});
