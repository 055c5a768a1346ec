import { useEffect, useState } from 'preact/hooks';
import type { GeneTable } from '../../../bundle/bundle';
import { formatCounted } from '../../../state/texts/format';
import type { Session } from '../../../state/session';
import { ExportProgress } from '../../export_progress';
import { Icon } from '../../widgets/icons';
import { GENE_FIELD, leaveForPlot } from '../../page/keys';
import { NameField } from '../controls/name_search';

/** A field that completes the names of all exported genes. */
export function GeneSearch({ session, active }: { session: Session; active: boolean }) {
  const genes = useGenes(session);
  const names = genes?.names ?? null;
  const wanted = session.colouring.wanted.value;
  const { nGenes } = session.bundle;
  return (
    <div class={active ? 'field active' : 'field'}>
      <NameField
        id={GENE_FIELD}
        label="Gene"
        things="Genes"
        names={names}
        others={genes?.ids}
        current={wanted.by === 'gene' ? (names?.[wanted.index] ?? '') : ''}
        placeholder={nGenes === 0 ? 'This export has no genes' : `Search ${formatCounted(nGenes, 'gene')}`}
        disabled={nGenes === 0}
        none="No exported gene has a name that contains this"
        onChoose={(index, name) => void session.chooseColour({ by: 'gene', index }, name)}
        onLeave={leaveForPlot}
      >
        {wanted.by === 'gene' && (
          <button
            type="button"
            class="clear"
            aria-label="Stop colouring by gene"
            onClick={() => void session.chooseColour(session.firstColour(), '')}
          >
            <Icon name="close" />
          </button>
        )}
      </NameField>
      <ExportProgress bundle={session.bundle} />
    </div>
  );
}

/** The names of the genes, once loaded. */
export function useGenes(session: Session): GeneTable | null {
  const [genes, setGenes] = useState<GeneTable | null>(null);
  useEffect(() => {
    session.bundle.genes().then(setGenes, (error: unknown) => (session.problem.value = error));
  }, [session]);
  return genes;
}
