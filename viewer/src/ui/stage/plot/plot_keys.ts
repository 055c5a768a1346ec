import type { Session } from '../../../state/session';
import type { EmbeddingView } from '../../../state/view/embedding_view';

/** What the keys do on a plot, for its name. */
export function keysOf({ tools }: Session, { solid }: EmbeddingView): string {
  const keys =
    tools.tool.value === 'rectangle'
      ? 'Arrow keys move a rectangle, with Shift they change its size, Enter selects the cells in it'
      : solid.value
        ? 'Arrow keys rotate, with Shift they move'
        : 'Arrow keys move';
  return `${keys}, plus and minus zoom, 0 shows all.`;
}

/** The keys lead to a plot: a rectangle on another one is given up. */
export function focusPlot({ panels, tools }: Session, panel: number | undefined): void {
  if (panels.focused.peek() === panel) return;
  panels.focused.value = panel;
  tools.frame.value = null;
}
