import type { ComponentChildren } from 'preact';
import type { Session } from '../../state/session';
import { colourByMarker, colouringGene } from './colour';

interface GeneButtonsProps {
  session: Session;
  genes: readonly number[];
  names: readonly string[];
  label: string;
  /** What is said of a gene besides its name. */
  about?: (at: number) => string;
  /** Further items of the list. */
  children?: ComponentChildren;
}

/** Genes one after another. Click: colour by the gene. */
export function GeneButtons({ session, genes, names, label, about, children }: GeneButtonsProps) {
  const coloured = colouringGene(session);
  return (
    <ul class="gene-buttons" aria-label={label}>
      {genes.map((gene, at) => (
        <li key={gene}>
          <button
            type="button"
            class="text"
            aria-pressed={gene === coloured}
            title={`Colour by ${names[gene]}${about ? ` (${about(at)})` : ''}`}
            onClick={() => void colourByMarker(session, gene, names[gene])}
          >
            {names[gene]}
          </button>
        </li>
      ))}
      {children}
    </ul>
  );
}
