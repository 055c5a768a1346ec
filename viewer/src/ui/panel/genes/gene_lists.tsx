import { useMemo, useState } from 'preact/hooks';
import type { GeneSet } from '../../../bundle/statistics';
import type { GeneList } from '../../../state/genes/gene_lists';
import { linkedLists } from '../../../state/link/genes';
import { formatCount } from '../../../state/texts/format';
import type { Session } from '../../../state/session';
import { GeneButtons } from '../../markers/gene_buttons';
import { NameField } from '../controls/name_search';
import { Section } from '../controls/section';
import { useGenes } from '../colour/gene_search';
import { useSets } from '../colour/use_sets';
import type { Editing } from './editing';
import { ListEditor } from './list_editor';
import { ListView } from './list_view';

/** The user's lists of genes and the sets of the bundle; nothing without genes. */
export function GeneLists({ session }: { session: Session }) {
  const { geneLists, bundle } = session;
  if (bundle.nGenes === 0) return null;
  const isUsed = bundle.geneFacts?.hasSets || geneLists.list.value.length > 0;
  return (
    <Section id="gene-lists" title="Gene lists" isClosed={!isUsed}>
      <Lists session={session} />
    </Section>
  );
}

function Lists({ session }: { session: Session }) {
  const { geneLists } = session;
  const genes = useGenes(session);
  const [editing, setEditing] = useState<Editing | null>(null);
  useSets(session);
  const { list, sets, recent, chosen } = geneLists;
  const all = useMemo<readonly (GeneList | GeneSet)[]>(
    () => [...list.value, ...sets.value],
    [list.value, sets.value],
  );
  const about = useMemo(() => all.map((each) => ('source' in each ? each.source : 'my list')), [all]);
  const { leftOut } = linkedLists(session);
  const shown = geneLists.find(chosen.value);
  if (!genes) return <p class="quiet">Loading the names …</p>;
  if (editing)
    return (
      <ListEditor
        key={editing.own}
        session={session}
        genes={genes}
        editing={editing}
        onDone={() => setEditing(null)}
      />
    );
  return (
    <>
      {recent.value.length > 0 && (
        <div class="recent-genes">
          <span class="quiet">Recent</span>
          <GeneButtons session={session} genes={recent.value} names={genes.names} label="Recent genes" />
        </div>
      )}
      {all.length > 0 && (
        <div class="field">
          <NameField
            id="gene-list-field"
            label="List"
            things="Gene lists"
            names={all.map(({ name }) => name)}
            others={about}
            current={shown?.name ?? ''}
            placeholder={`Choose one of ${formatCount(all.length)}`}
            none="No gene list has a name that contains this"
            onChoose={(_, name) => (chosen.value = name)}
          />
        </div>
      )}
      {shown && (
        <ListView key={shown.name} session={session} genes={genes} shown={shown} onEdit={setEditing} />
      )}
      <div class="buttons">
        <button
          type="button"
          onClick={() => setEditing({ own: null, name: geneLists.freeName(), genes: [] })}
        >
          New list
        </button>
      </div>
      {leftOut.length > 0 && (
        <p class="quiet">Too long for a link, so save the session: {leftOut.join(', ')}.</p>
      )}
    </>
  );
}
