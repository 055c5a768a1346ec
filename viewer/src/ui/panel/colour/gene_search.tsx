import { useEffect, useMemo, useState } from 'preact/hooks';
import type { GeneTable } from '../../../bundle/bundle';
import type { ColourBy } from '../../../state/colouring/colouring';
import { inGroup } from '../../../state/genes/groups';
import { geneRanks } from '../../../state/genes/ranks';
import { formatCounted } from '../../../state/texts/format';
import type { Session } from '../../../state/session';
import { ExportProgress } from '../../export_progress';
import { Icon } from '../../widgets/icons';
import { GENE_FIELD, leaveForPlot } from '../../page/keys';
import { NameField } from '../controls/name_search';
import { useSets } from './use_sets';

/** A field that completes the names of all exported genes, and after them those of gene lists and sets. */
export function GeneSearch({ session, active }: { session: Session; active: boolean }) {
  const genes = useGenes(session);
  const { geneLists, markers } = session;
  useSets(session);
  const lists = useMemo(
    () => [...geneLists.list.value, ...geneLists.sets.value].filter((each) => each.genes.length > 0),
    [geneLists.list.value, geneLists.sets.value],
  );
  const names = useMemo(() => genes && [...genes.names, ...lists.map(({ name }) => name)], [genes, lists]);
  const others = useMemo(() => {
    if (!genes || (!genes.ids && lists.length === 0)) return genes?.ids;
    const about = lists.map((each) => `list of ${formatCounted(each.genes.length, 'gene')}`);
    return [...(genes.ids ?? genes.names), ...about];
  }, [genes, lists]);
  const { grouping } = markers.chosen.value;
  const best = markers.best.value.get(grouping);
  const ranks = useMemo(
    () => genes && geneRanks(genes, best, markers.grouping.peek()?.column ?? ''),
    [genes, best],
  );
  const [group, setGroup] = useState('');
  const groups = genes?.groups;
  const only = useMemo(() => groups && inGroup(groups, group), [groups, group]);
  const wanted = session.colouring.wanted.value;
  const { nGenes } = session.bundle;
  return (
    <>
      {groups && (
        <label class="field">
          <span>Genes of</span>
          <select value={group} onChange={(event) => setGroup(event.currentTarget.value)}>
            <option value="">all</option>
            {groups.names.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      )}
      <div class={active ? 'field active' : 'field'}>
        <NameField
          id={GENE_FIELD}
          label="Gene"
          things="Genes"
          names={names}
          others={others}
          ranks={ranks}
          first={geneLists.recent.value}
          only={only}
          current={currentOf(wanted, names)}
          placeholder={nGenes === 0 ? 'This export has no genes' : `Search ${formatCounted(nGenes, 'gene')}`}
          disabled={nGenes === 0}
          none="No exported gene or gene list has a name that contains this"
          onChoose={(index, name) => {
            const list = lists[index - session.bundle.nGenes];
            if (!list) return void session.chooseColour({ by: 'gene', index }, name);
            geneLists.chosen.value = name;
            void session.chooseColour({ by: 'list', name, genes: list.genes, method: 'mean' }, name);
          }}
          onLeave={leaveForPlot}
        >
          {active && (
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
    </>
  );
}

function currentOf(wanted: ColourBy, names: readonly string[] | null): string {
  if (wanted.by === 'gene') return names?.[wanted.index] ?? '';
  if (wanted.by === 'blend') return wanted.genes.map((gene) => names?.[gene] ?? '').join(' + ');
  return wanted.by === 'list' ? wanted.name : '';
}

/** The names of the genes, once loaded. */
export function useGenes(session: Session): GeneTable | null {
  const [genes, setGenes] = useState<GeneTable | null>(null);
  useEffect(() => {
    session.bundle.genes().then(setGenes, (error: unknown) => (session.problem.value = error));
  }, [session]);
  return genes;
}
