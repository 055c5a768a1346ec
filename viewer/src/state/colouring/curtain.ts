import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import { paintedText } from '../texts/cell_value';
import type { Colouring, ColourBy } from './colouring';

/** What the right side may be coloured by. */
export type CurtainBy = Extract<ColourBy, { by: 'column' | 'gene' }>;

/** A second colouring, at the right of a line over the stage. */
export class Curtain {
  /** What the right side is wanted to be coloured by; null for no curtain. */
  readonly wanted = signal<CurtainBy | null>(null);
  /** Where the line is, as a share of the width. */
  readonly at = signal(0.5);
  /** Whether the right side has its colours. */
  readonly isDrawn: ReadonlySignal<boolean> = computed(() => {
    const { by } = this.colouring.current.value;
    return this.wanted.value !== null && by.by !== 'nothing';
  });

  constructor(readonly colouring: Colouring) {}

  /** Colours the right side; null takes the curtain away. */
  async choose(by: CurtainBy | null): Promise<void> {
    const before = this.wanted.peek();
    this.wanted.value = by;
    try {
      await this.colouring.choose(by ?? { by: 'nothing' });
    } catch (error) {
      if (this.wanted.peek() === by) this.wanted.value = before;
      throw error;
    }
  }

  move(at: number): void {
    this.at.value = Math.min(1, Math.max(0, at));
  }

  /** Whether a place on the stage, as a share of its width, has the second colours. */
  isRight(share: number): boolean {
    return this.isDrawn.value && share >= this.at.value;
  }

  /** The value of a cell in the second colouring. */
  rowOf(cell: number): { readonly name: string; readonly text: string } {
    const { paint, label } = this.colouring.current.value;
    return { name: label, text: paintedText(paint, this.colouring.labels.value, cell) };
  }
}
