import { useEffect, useMemo, useState } from 'preact/hooks';
import type { GeneFacts } from '../../bundle/statistics';
import type { Floats } from '../../bytes/numbers';
import { extremesOf } from '../../state/markers/loadings';
import { statisticText } from '../../state/markers/table';
import type { Session } from '../../state/session';
import { Section } from '../panel/controls/section';
import { useGenes } from '../panel/colour/gene_search';
import { GeneButtons } from './gene_buttons';

/** Genes at each end of a component. */
const N_GENES = 12;

/** Genes with large loadings; nothing if the bundle has none. */
export function LoadingsSection({ session }: { session: Session }) {
  const facts = session.bundle.geneFacts;
  if (!facts || facts.loadings.length === 0) return null;
  return (
    <Section id="loadings" title="Loadings" isClosed>
      <LoadingsView session={session} facts={facts} />
    </Section>
  );
}

/** The genes with the highest and the lowest loadings of a component. */
function LoadingsView({ session, facts }: { session: Session; facts: GeneFacts }) {
  const genes = useGenes(session);
  const [entry, setEntry] = useState(() =>
    Math.max(
      0,
      facts.loadings.findIndex(({ key }) => key === 'PCs'),
    ),
  );
  const [column, setColumn] = useState(0);
  const [values, setValues] = useState<{ readonly entry: number; readonly values: Floats } | null>(null);
  useEffect(() => {
    const loaded = (found: Floats) => setValues({ entry, values: found });
    facts.loading(entry).then(loaded, (error: unknown) => (session.problem.value = error));
  }, [facts, entry]);
  const { key, nColumns } = facts.loadings[entry];
  const found = useMemo(
    () => (values?.entry === entry ? extremesOf(values.values, nColumns, column, N_GENES) : null),
    [values, entry, column],
  );
  return (
    <>
      {facts.loadings.length > 1 && (
        <label class="field">
          <span>Numbers</span>
          <select
            value={String(entry)}
            onChange={(event) => {
              setColumn(0);
              setEntry(Number(event.currentTarget.value));
            }}
          >
            {facts.loadings.map((each, at) => (
              <option key={at} value={at}>
                {each.key}
              </option>
            ))}
          </select>
        </label>
      )}
      <label class="field">
        <span>Component</span>
        <select value={String(column)} onChange={(event) => setColumn(Number(event.currentTarget.value))}>
          {Array.from({ length: nColumns }, (_, at) => (
            <option key={at} value={at}>
              {`${key} ${at + 1}`}
            </option>
          ))}
        </select>
      </label>
      {genes && found ? (
        (['highest', 'lowest'] as const).map((end) => (
          <div key={end}>
            <p class="quiet">{end === 'highest' ? 'Highest' : 'Lowest'}</p>
            {found[end].length === 0 && <p class="quiet">None</p>}
            <GeneButtons
              session={session}
              genes={found[end].map(([gene]) => gene)}
              names={genes.names}
              label={`${end === 'highest' ? 'Highest' : 'Lowest'} loadings of ${key} ${column + 1}`}
              about={(at) => statisticText(found[end][at][1], 'number')}
            />
          </div>
        ))
      ) : (
        <p class="quiet">Loading the numbers …</p>
      )}
    </>
  );
}
