import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TileFailures } from '../../src/state/drawing/tile_failures';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('tiles are asked for again ever more rarely, and at last only by the user', () => {
  const failures = new TileFailures();
  expect(failures.note(new Error('down'))).toBe(true);
  expect(failures.note(new Error('down'))).toBe(false);
  expect([failures.count.value, failures.isWaiting.value]).toEqual([2, true]);
  for (const [at, ms] of [2_000, 5_000, 15_000, 60_000].entries()) {
    vi.advanceTimersByTime(ms - 1);
    expect(failures.attempt.value).toBe(at);
    vi.advanceTimersByTime(1);
    expect([failures.attempt.value, failures.count.value]).toEqual([at + 1, 0]);
    expect(failures.note(new Error('down'))).toBe(false);
  }
  vi.advanceTimersByTime(1e6);
  expect([failures.attempt.value, failures.count.value, failures.isWaiting.value]).toEqual([4, 1, false]);
  failures.retry();
  expect([failures.attempt.value, failures.count.value]).toEqual([5, 0]);
  // The user hears of it anew.
  expect(failures.note(new Error('down'))).toBe(true);
  expect(failures.isWaiting.value).toBe(true);
});
