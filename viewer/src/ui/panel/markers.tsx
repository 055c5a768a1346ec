import type { Session } from '../../state/session';
import { shellName } from '../../state/texts/shell';
import { BestGenes } from '../markers/best_genes';
import { GroupingChoice, GroupChoice } from '../markers/choices';
import { ViewButtons } from '../drawer/views';
import { Section } from './controls/section';

/** Markers of a group, and the ways to the table of all genes and to the dot plot. */
export function Markers({ session }: { session: Session }) {
  const { markers, bundle } = session;
  if (bundle.nGenes === 0) return null;
  if (!markers.statistics) {
    if (markers.near.neighbourhoods) return <Near session={session} />;
    // Of an export that still runs, it is not known yet.
    return bundle.live?.progress ? null : <WithoutStatistics session={session} />;
  }
  const { chosen } = markers;
  return (
    <Section id="markers" title="Markers">
      <GroupingChoice session={session} />
      <GroupChoice session={session} />
      <BestGenes session={session} grouping={chosen.value.grouping} group={chosen.value.group} hasIds />
      <ViewButtons session={session} place="markers" />
      <ViewButtons session={session} place="neighbourhoods" />
    </Section>
  );
}

/** Of an export without groups: only genes by their spatial pattern. */
function Near({ session }: { session: Session }) {
  return (
    <Section id="markers" title="Neighbourhoods">
      <ViewButtons session={session} place="neighbourhoods" />
    </Section>
  );
}

/** How to make an export that has markers. */
function WithoutStatistics({ session }: { session: Session }) {
  const { columns } = session.bundle;
  const { by } = session.colouring.current.value;
  const coloured = by.by === 'column' ? columns[by.index] : null;
  const column = coloured?.kind === 'category' ? coloured : columns.find(({ kind }) => kind === 'category');
  return (
    <Section id="markers" title="Markers">
      <p class="quiet no-markers">
        This export has no markers. To see the genes that mark each group, export to KaroSpace with{' '}
        <code>--group-by {column ? shellName(column.name) : 'COLUMN'}</code>.
      </p>
    </Section>
  );
}
