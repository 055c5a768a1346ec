import type { Session } from '../../state/session';

/** The id of a marker's button in the panel. */
export function markerId(gene: number): string {
  return `marker-${gene}`;
}

/** Colours the cells by a marker. If its button goes with the legend, that in the panel gets the focus. */
export async function colourByMarker(session: Session, gene: number, name: string): Promise<void> {
  await session.chooseColour({ by: 'gene', index: gene }, name);
  requestAnimationFrame(() => {
    if (document.activeElement === document.body) document.getElementById(markerId(gene))?.focus();
  });
}

/** The gene that colours the cells, or will do so; null if none does. */
export function colouringGene({ colouring }: Session): number | null {
  const wanted = colouring.wanted.value;
  return wanted.by === 'gene' ? wanted.index : null;
}
