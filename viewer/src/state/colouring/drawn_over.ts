import { weightOf } from '../genes/blend';
import type { Paint } from './paint';

/** Whether a cell is drawn after another, in an order that `order.ts` makes. */
export function isDrawnOver(paint: Paint, cell: number, other: number): boolean {
  if (paint.kind === 'plain') return cell > other;
  const [value, below] = [paint.values[cell], paint.values[other]];
  if (Number.isNaN(value) !== Number.isNaN(below)) return Number.isNaN(below);
  if (paint.kind === 'blend') {
    const [one, two] = [weightOf(value), weightOf(below)];
    return one === two || Number.isNaN(one) ? cell > other : one > two;
  }
  if (paint.kind === 'number' && value !== below && !Number.isNaN(value)) return value > below;
  return cell > other;
}
