import { useEffect, useMemo } from 'preact/hooks';
import type { GeneTable } from '../../bundle/bundle';
import { chooseFirstSides } from '../../state/compare/begin';
import type { Comparison } from '../../state/compare/compare';
import { KINDS } from '../../state/compare/scatter';
import { comparisonFacts, titleOf } from '../../state/compare/texts';
import type { Session } from '../../state/session';
import { PlotChoices } from '../drawer/choices';
import { Sorted } from '../markers/grid';
import { useGenes } from '../panel/colour/gene_search';
import { Choices } from './choices';
import { GeneScatterPlot } from './scatter';
import { ToList } from './to_list';

const LOOKS = ['table', ...KINDS] as const;
const NAMES = { table: 'Table', volcano: 'Volcano', ma: 'MA plot' } as const;

/** Two groups of cells, compared gene by gene. */
export function CompareView({ session }: { session: Session }) {
  const { compare } = session;
  const genes = useGenes(session);
  useEffect(() => {
    chooseFirstSides(compare, session.colouring);
    return compare.follow((error) => (session.problem.value = error));
  }, [session]);
  const last = compare.shown.value;
  return (
    <div class="plot-view compare">
      <PlotChoices title="What is compared">
        <Choices session={session} />
      </PlotChoices>
      {last && genes ? (
        <Compared session={session} comparison={last} genes={genes} />
      ) : (
        <p class="quiet">
          Choose the cells of both sides and the genes, then <em>Compare</em>. Every gene is loaded once, so
          all genes of many cells take a while.
        </p>
      )}
    </div>
  );
}

interface ComparedProps {
  session: Session;
  comparison: Comparison;
  genes: GeneTable;
}

function Compared({ session, comparison, genes }: ComparedProps) {
  const { compare } = session;
  const results = compare.results.value!;
  const look = compare.look.value;
  const [title, ...facts] = useMemo(
    () => comparisonFacts(comparison, compare.test.value, compare.tieCorrect.value),
    [results, comparison],
  );
  const [first, second] = comparison.names;
  const stem = `compare_${first}_${second}`;
  return (
    <div class="compared">
      <p class="compared-title">{title}</p>
      <div class="drawer-tools">
        <div class="buttons" role="group" aria-label="Show as">
          {LOOKS.map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={look === each}
              onClick={() => (compare.look.value = each)}
            >
              {NAMES[each]}
            </button>
          ))}
        </div>
        <ToList session={session} comparison={comparison} genes={results.table.genes} />
      </div>
      {look === 'table' ? (
        <>
          <Sorted
            session={session}
            table={results.table}
            genes={genes}
            label={titleOf(comparison)}
            stem={stem}
            head={[title, ...facts].join(' ')}
          />
          <p class="quiet facts">{facts.join(' ')}</p>
        </>
      ) : (
        <GeneScatterPlot
          key={look}
          session={session}
          kind={look}
          comparison={comparison}
          results={results}
          names={genes.names}
          stem={stem}
          facts={facts.join(' ')}
        />
      )}
    </div>
  );
}
