import { useEffect, useRef, useState } from 'preact/hooks';
import { statisticText } from '../../state/markers/table';
import type { Session } from '../../state/session';
import { useGenes } from '../panel/gene_search';
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
  const name = info.categories[group];
  if (!info.ranked.has(group)) return <p class="quiet">{whyNone(session, grouping, group)}</p>;
  if (!genes || !best) return <p class="quiet">Loading markers …</p>;
  const coloured = colouringGene(session);
  const shown = best.genes.slice(0, N_BEST);

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
  return (
    <table class="best">
      <caption class="unseen">Markers of {name}</caption>
      <thead>
        <tr>
          <th scope="col">Gene</th>
          <th scope="col">Score</th>
          <th scope="col" title="log2 fold change">
            log2 FC
          </th>
        </tr>
      </thead>
      <tbody ref={body} onKeyDown={onKeyDown}>
        {shown.map((gene, at) => (
          <tr key={gene}>
            <td>
              <button
                type="button"
                class="text marker"
                id={hasIds ? markerId(gene) : undefined}
                tabIndex={at === Math.min(stop, shown.length - 1) ? 0 : -1}
                aria-pressed={gene === coloured}
                title={`Colour by ${genes.names[gene]}`}
                onFocus={() => setStop(at)}
                onClick={() => {
                  markers.choose(grouping, group);
                  void colourByMarker(session, gene, genes.names[gene]);
                }}
              >
                {genes.names[gene]}
              </button>
            </td>
            <td>{statisticText(best.scores[at], 'number')}</td>
            <td>{statisticText(best.logFoldChanges[at], 'number')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function whyNone({ markers }: Session, grouping: number, group: number): string {
  const { test, groupings } = markers.statistics!;
  if (test === 'none') return 'The groups were not compared in this export (--markers none).';
  if (groupings[grouping].reference === group)
    return 'This is the reference, which the other groups are compared with.';
  return 'This group was not compared: it, or the others, have fewer than two cells.';
}
