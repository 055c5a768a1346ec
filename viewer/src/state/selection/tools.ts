import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { Frame } from './frame';
import type { Mode } from './sets';

/** What a drag over the cells does. */
export const TOOLS = ['move', 'lasso', 'rectangle', 'brush'] as const;
export type Tool = (typeof TOOLS)[number];

export const LEAST_RADIUS = 4;
export const MOST_RADIUS = 160;
const GROWTH = 1.2;

interface Modifiers {
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

export class Tools {
  readonly tool = signal<Tool>('move');
  /** The chosen mode, which keys override. */
  readonly mode = signal<Mode>('replace');
  /** Of the brush, in pixels of the screen. */
  readonly radius = signal(24);
  /** The rectangle that the arrow keys move; null if they did not yet. */
  readonly frame = signal<Frame | null>(null);
  readonly isSelecting: ReadonlySignal<boolean> = computed(() => this.tool.value !== 'move');

  choose(tool: Tool): void {
    this.tool.value = tool;
    this.frame.value = null;
  }

  /** Chooses a tool; the second time, dragging moves the view again. */
  toggle(tool: Tool): void {
    this.choose(this.tool.peek() === tool ? 'move' : tool);
  }

  /** The mode of a click elsewhere: of the held keys, or the chosen one while it is in view. */
  modeFor(held: Modifiers): Mode {
    return heldMode(held) ?? (this.isSelecting.peek() ? this.mode.peek() : 'replace');
  }

  resize(steps: number): void {
    const radius = Math.round(this.radius.peek() * GROWTH ** steps);
    this.radius.value = Math.min(MOST_RADIUS, Math.max(LEAST_RADIUS, radius));
  }
}

/** The mode of the keys that are held: Shift adds, Alt subtracts, both intersect. Null if none is. */
export function heldMode({ shiftKey, altKey }: Modifiers): Mode | null {
  if (shiftKey) return altKey ? 'intersect' : 'add';
  return altKey ? 'subtract' : null;
}
