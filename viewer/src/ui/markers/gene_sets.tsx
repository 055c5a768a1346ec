import { useEffect, useState } from 'preact/hooks';
import type { GeneFacts, GeneSet } from '../../bundle/statistics';
import { formatCount, formatCounted } from '../../state/texts/format';
import type { Session } from '../../state/session';
import { NameField } from '../panel/controls/name_search';
import { Section } from '../panel/controls/section';
import { useGenes } from '../panel/colour/gene_search';
import { GeneButtons } from './gene_buttons';
import { LoadingsView } from './loadings';
import { openDrawer } from '../drawer/open';

/** Genes of a set that are listed before somebody asks for all. */
const FEW = 12;

/** Gene sets, and genes with large loadings; nothing if the bundle has neither. */
export function GeneSets({ session }: { session: Session }) {
  const facts = session.bundle.geneFacts;
  if (!facts || (!facts.hasSets && facts.loadings.length === 0)) return null;
  return (
    <>
      {facts.hasSets && (
        <Section id="gene-sets" title="Gene sets">
          <Sets session={session} facts={facts} />
        </Section>
      )}
      {facts.loadings.length > 0 && (
        <Section id="loadings" title="Loadings" isClosed>
          <LoadingsView session={session} facts={facts} />
        </Section>
      )}
    </>
  );
}

function Sets({ session, facts }: { session: Session; facts: GeneFacts }) {
  const [sets, setSets] = useState<readonly GeneSet[] | null>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  useEffect(() => {
    facts.sets().then(setSets, (error: unknown) => (session.problem.value = error));
  }, [facts]);
  const set = chosen === null ? null : sets?.[chosen];
  return (
    <>
      <div class="field">
        <NameField
          id="gene-set-search"
          label="Set"
          things="Gene sets"
          names={sets?.map(({ name }) => name) ?? null}
          current={set?.name ?? ''}
          placeholder={sets ? `Search ${formatCounted(sets.length, 'set')}` : 'Loading the sets …'}
          none="No set has a name that contains this"
          onChoose={(index) => setChosen(index)}
        />
      </div>
      {set && <Chosen key={set.name} session={session} set={set} />}
    </>
  );
}

function Chosen({ session, set }: { session: Session; set: GeneSet }) {
  const { markers, colouring } = session;
  const genes = useGenes(session);
  const [isLong, setIsLong] = useState(false);
  const wanted = colouring.wanted.value;
  const { column } = set;
  if (!genes) return <p class="quiet">Loading the names …</p>;
  const shown = isLong ? set.genes : set.genes.slice(0, FEW);
  const more = set.genes.length - shown.length;
  return (
    <>
      <p class="quiet">{aboutSet(set)}</p>
      <GeneButtons session={session} genes={shown} names={genes.names} label={`Genes of ${set.name}`}>
        {more > 0 && (
          <li>
            <button type="button" class="text" onClick={() => setIsLong(true)}>
              {formatCount(more)} more
            </button>
          </li>
        )}
      </GeneButtons>
      <div class="buttons">
        {column !== null && (
          <button
            type="button"
            aria-pressed={wanted.by === 'column' && wanted.index === column}
            onClick={() => void session.chooseColour({ by: 'column', index: column }, set.name)}
          >
            Colour by score
          </button>
        )}
        {markers.statistics && markers.tables.value !== null && set.genes.length > 0 && (
          <button
            type="button"
            onClick={() => {
              markers.typed.value = set.genes.map((gene) => genes.names[gene]).join('\n');
              markers.plotsBest.value = false;
              openDrawer(session, 'plot');
            }}
          >
            Dot plot
          </button>
        )}
      </div>
    </>
  );
}

/** Where a set is from, and how many of its genes are here. */
function aboutSet({ source, genes, nNotExported, nMissing }: GeneSet): string {
  const all = genes.length + nNotExported + nMissing;
  const rest = [
    ...(nNotExported > 0 ? [`${formatCount(nNotExported)} not exported`] : []),
    ...(nMissing > 0 ? [`${formatCount(nMissing)} not in the file`] : []),
  ].join(', ');
  const count =
    rest === ''
      ? formatCounted(all, 'gene')
      : `${formatCount(genes.length)} of ${formatCounted(all, 'gene')}`;
  return `${count}${rest && ` (${rest})`}, from ${source}`;
}
