import { groupingName } from '../../state/markers/facts';
import type { Session } from '../../state/session';
import { useGenes } from '../panel/colour/gene_search';

/** The choice of the groups of the plot: of the tables, or of the cells shown. */
export function SourceChoice({ session }: { session: Session }) {
  const { markers, bundle, groups, selection } = session;
  const { dots } = session.plots;
  const names = useGenes(session)?.names;
  const by = dots.by.value;
  const tables = [...(markers.statistics?.groupings.entries() ?? [])].filter(
    ([, each]) => !each.isBesideMarkers,
  );
  const value =
    by === null ? String(markers.chosen.value.grouping) : by.by === 'column' ? `c${by.index}` : by.by;
  const choose = (to: string) => {
    if (/^\d/.test(to)) {
      dots.chosen.value = null;
      markers.choose(Number(to));
      return;
    }
    // The genes stay the same.
    if (by === null && names && markers.plotsBest.peek() && markers.typed.peek() === '')
      markers.typed.value = markers.plotGenes
        .peek()
        .genes.map((gene) => names[gene])
        .join('\n');
    dots.chosen.value =
      to === 'groups' || to === 'selection' ? { by: to } : { by: 'column', index: Number(to.slice(1)) };
  };
  return (
    <label class="field groupings">
      <span>Groups of</span>
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        {tables.map(([index, each]) => (
          <option key={index} value={index}>
            {groupingName(each)}
          </option>
        ))}
        {dots.columns.map((index) => (
          <option key={`c${index}`} value={`c${index}`}>
            Cells shown, by {bundle.columns[index].name}
          </option>
        ))}
        {(groups.list.value.length > 0 || value === 'groups') && (
          <option value="groups">Cells shown, by my groups</option>
        )}
        {(selection.count.value > 0 || value === 'selection') && (
          <option value="selection">Cells shown, by the selection</option>
        )}
      </select>
    </label>
  );
}

/** Draws the genes of a list; nothing if there are no lists. */
export function GeneListChoice({ session }: { session: Session }) {
  const { geneLists, markers } = session;
  const lists = [...geneLists.list.value, ...geneLists.sets.value];
  const names = useGenes(session)?.names;
  if (lists.length === 0 || !names) return null;
  return (
    <select
      aria-label="Genes of a list"
      value=""
      onChange={({ currentTarget }) => {
        const genes = lists[Number(currentTarget.value)].genes;
        markers.typed.value = genes.map((gene) => names[gene]).join('\n');
        currentTarget.value = '';
      }}
    >
      <option value="">From a gene list …</option>
      {lists.map(({ name }, at) => (
        <option key={at} value={at}>
          {name}
        </option>
      ))}
    </select>
  );
}
