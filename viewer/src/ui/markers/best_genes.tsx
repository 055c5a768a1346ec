import { useEffect, useRef, useState } from 'preact/hooks';
import { fileSummary } from '../../state/markers/facts';
import { statisticText } from '../../state/markers/table';
import type { Session } from '../../state/session';
import { useGenes } from '../panel/colour/gene_search';
import { colourByMarker, colouringGene, markerId } from './colour';

/** Genes that are listed. */
export const N_BEST = 8;

interface BestGenesProps {
  session: Session;
  grouping: number;
  group: number;
  /** Whether the buttons have ids, by which one gets the focus. */
  hasIds?: boolean;
}

/** The first genes of a group, with score and fold change. Click: colour by the gene. */
export function BestGenes({ session, grouping, group, hasIds = false }: BestGenesProps) {
  const { markers } = session;
  const genes = useGenes(session);
  const body = useRef<HTMLTableSectionElement>(null);
  const [stop, setStop] = useState(0);
  useEffect(() => {
    void session.during('markers', 'Loading markers', () => markers.loadBest(grouping));
  }, [session, grouping]);
  const info = markers.statistics!.groupings[grouping];
  const best = markers.bestOf(grouping, group);
  const name = session.categories.withShownNames(info).categories[group];
  if (!info.ranked.has(group)) return <p class="quiet">{whyNone(session, grouping, group)}</p>;
  if (!genes || !best) return <p class="quiet">Loading markers …</p>;
  const coloured = colouringGene(session);
  const shown = best.genes.slice(0, N_BEST);
  const hasChanges = best.logFoldChanges.some((value) => value !== null);
  const { nGenes } = session.bundle;

  const nameOf = (gene: number) => markers.nameOf(grouping, gene, genes.names);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = new Map([
      ['ArrowDown', 1],
      ['ArrowUp', -1],
    ]).get(event.key);
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const buttons = [...body.current!.querySelectorAll('button')];
    const at = buttons.indexOf(event.target as HTMLButtonElement) + step;
    buttons[Math.max(0, Math.min(buttons.length - 1, at))].focus();
  };
  const table = (
    <table class="best">
      <caption class="unseen">Markers of {name}</caption>
      <thead>
        <tr>
          <th scope="col">Gene</th>
          <th scope="col">Score</th>
          {hasChanges && (
            <th scope="col" title="log2 fold change">
              log2 FC
            </th>
          )}
        </tr>
      </thead>
      <tbody ref={body} onKeyDown={onKeyDown}>
        {shown.map((gene, at) => (
          <tr key={at}>
            <td>
              <button
                type="button"
                class="text marker"
                id={hasIds ? markerId(gene) : undefined}
                tabIndex={at === Math.min(stop, shown.length - 1) ? 0 : -1}
                aria-pressed={gene === coloured}
                aria-disabled={gene >= nGenes || undefined}
                title={gene < nGenes ? `Colour by ${nameOf(gene)}` : `${nameOf(gene)} is not exported`}
                onFocus={() => setStop(at)}
                onClick={() => {
                  if (gene >= nGenes) return;
                  markers.choose(grouping, group);
                  void colourByMarker(session, gene, genes.names[gene]);
                }}
              >
                {nameOf(gene)}
              </button>
            </td>
            <td>{statisticText(best.scores[at], 'number')}</td>
            {hasChanges && <td>{statisticText(best.logFoldChanges[at], 'number')}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
  if (!info.file) return table;
  const summary = `From the file: ${fileSummary(info.file)}`;
  return (
    <>
      {table}
      <p class="quiet of-file" title={`${summary} (uns[“${info.file.key}”])`}>
        {summary}
      </p>
    </>
  );
}

function whyNone({ markers }: Session, grouping: number, group: number): string {
  const { groupings } = markers.statistics!;
  if (groupings[grouping].test === 'none')
    return 'The groups were not compared in this export (--markers none).';
  if (groupings[grouping].reference === group)
    return 'This is the reference, which the other groups are compared with.';
  return 'This group was not compared: it, or the others, have fewer than two cells.';
}
