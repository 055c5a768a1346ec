import { useState } from 'preact/hooks';
import { MOST_BLENDED } from '../../../state/genes/blend';
import type { Session } from '../../../state/session';
import { NameField } from '../controls/name_search';
import { useGenes } from './gene_search';

const FIELD = 'blend-field';

/** Adds a gene to the one or two that colour the cells; nothing while something else does. */
export function BlendWith({ session }: { session: Session }) {
  const genes = useGenes(session);
  const [isOpen, setIsOpen] = useState(false);
  const wanted = session.colouring.wanted.value;
  const chosen = wanted.by === 'gene' ? [wanted.index] : wanted.by === 'blend' ? wanted.genes : [];
  if (chosen.length === 0 || chosen.length === MOST_BLENDED || session.bundle.nGenes < 2) return null;
  if (!isOpen)
    return (
      <button
        type="button"
        class="text blend-with"
        title="Show two or three genes at once, each with a colour of its own"
        onClick={() => {
          setIsOpen(true);
          requestAnimationFrame(() => document.getElementById(FIELD)?.focus());
        }}
      >
        {chosen.length === 1 ? 'Blend with another gene' : 'Blend with a third gene'}
      </button>
    );
  return (
    <div class="field">
      <NameField
        id={FIELD}
        label="Blend with"
        things="Genes to blend with"
        names={genes?.names ?? null}
        others={genes?.ids}
        current=""
        placeholder="Search"
        none="No exported gene has a name that contains this"
        first={session.geneLists.recent.value}
        onChoose={(gene, name) => {
          if (chosen.includes(gene)) return;
          setIsOpen(false);
          void session.chooseColour({ by: 'blend', genes: [...chosen, gene] }, name);
        }}
      />
    </div>
  );
}
