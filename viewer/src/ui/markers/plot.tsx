import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { GeneTable } from '../../bundle/bundle';
import { MOST_OF_EACH } from '../../state/markers/markers';
import {
  colouredValues,
  groupOrder,
  plotColumns,
  type PlotGroups,
  similarGenes,
  type PlotValues,
} from '../../state/markers/plot';
import { sharesAlone } from '../../state/markers/facts';
import { colorAt } from '../../state/colouring/schemes';
import { layOutPlot } from '../../state/markers/plot_layout';
import { statisticText } from '../../state/markers/table';
import { formatCount, formatCounted } from '../../state/texts/format';
import type { Session } from '../../state/session';
import { Toggle } from '../panel/controls/toggle';
import { useGenes } from '../panel/colour/gene_search';
import { reportTo } from '../plots/fields';
import { GeneListChoice, SourceChoice } from './plot_source';
import { NoTables } from './no_tables';
import { colourByMarker, colouringGene } from './colour';
import { PlotPicture } from './plot_picture';
import { PlotChoices } from '../drawer/choices';
import { PlotFrame } from '../drawer/frame';

/** Genes by groups, as dots or as a heat map. */
export function PlotView({ session }: { session: Session }) {
  return (
    <div class="plot-view">
      <Choices session={session} />
      {session.plots.dots.by.value ? <Shown session={session} /> : <OfTables session={session} />}
    </div>
  );
}

/** From the tables of the export. */
function OfTables({ session }: { session: Session }) {
  const { markers } = session;
  const genes = useGenes(session);
  const { plotsBest, perGroup, typed, chosen } = markers;
  const wanted = [chosen.value.grouping, plotsBest.value, perGroup.value, typed.value] as const;
  useEffect(() => {
    void session.during('plot', 'Loading the plot', () => markers.loadPlot());
  }, [session, ...wanted]);
  const plot = markers.plot.value;
  const tables = markers.tables.value;
  const isLoaded = genes && plot?.grouping === tables;
  if (!markers.statistics) return null;
  if (tables === null) return <NoTables session={session} />;
  if (!isLoaded) return <p class="quiet">Loading the plot …</p>;
  const groups = markers.statistics.groupings[tables];
  const whence = `From the ${markers.statistics.holder === 'store' ? 'store' : 'export'}, of all cells.`;
  const facts = [whence, sharesAlone(groups)].filter(Boolean).join(' ');
  const shown = session.categories.withShownNames(groups);
  return (
    <Drawn
      session={session}
      plot={plot}
      groups={groups}
      shown={shown}
      order={null}
      genes={genes}
      facts={facts}
    />
  );
}

/** Computed from the values of the cells shown. */
function Shown({ session }: { session: Session }) {
  const { dots } = session.plots;
  const genes = useGenes(session);
  useEffect(() => dots.follow(reportTo(session)), [session]);
  const [progress, drawn] = [dots.progress.value, dots.drawn.value];
  if (progress && !drawn) {
    return (
      <div class="compare-progress">
        <progress aria-label="Loaded genes" value={progress.done} max={Math.max(1, progress.total)} />
        <span class="quiet">
          {formatCount(progress.done)} of {formatCount(progress.total)} genes are loaded
        </span>
        <button type="button" class="button" onClick={() => dots.cancel()}>
          Cancel
        </button>
      </div>
    );
  }
  if (genes && drawn) {
    const facts = `Computed from the ${formatCounted(drawn.nShown, 'cell')} shown.`;
    return <Drawn session={session} {...drawn} genes={genes} facts={facts} />;
  }
  const isAsked = session.markers.typed.value.trim() !== '';
  return (
    <p class="quiet plot-empty">
      {isAsked ? 'Nothing is loaded: press “Draw” to load the genes.' : NO_GENES}
    </p>
  );
}

const NO_GENES = 'Type or paste the names of genes to draw them.';

function Choices({ session }: { session: Session }) {
  const { markers } = session;
  const { look, plotsBest, perGroup, typed } = markers;
  const [text, setText] = useState(typed.value);
  // A gene set may be drawn while the plot is open.
  useEffect(() => setText(typed.value), [typed.value]);
  const { dots } = session.plots;
  const isShown = dots.by.value !== null;
  const hasBest = !isShown && markers.isRanked(markers.chosen.value.grouping);
  const draw = () => {
    typed.value = text;
    dots.draw();
  };
  return (
    <PlotChoices title="Genes and look of the plot">
      <SourceChoice session={session} />
      {hasBest && (
        <div class="buttons" role="group" aria-label="Genes of the plot">
          <button type="button" aria-pressed={plotsBest.value} onClick={() => (plotsBest.value = true)}>
            Best of each group
          </button>
          <button type="button" aria-pressed={!plotsBest.value} onClick={() => (plotsBest.value = false)}>
            These genes
          </button>
        </div>
      )}
      {plotsBest.value && !isShown ? (
        <label class="number">
          <span>Genes of each group</span>
          <input
            type="number"
            min={1}
            max={MOST_OF_EACH}
            value={perGroup.value}
            onChange={(event) => {
              const count = Math.round(Number(event.currentTarget.value));
              perGroup.value = Math.max(1, Math.min(MOST_OF_EACH, count || 1));
              event.currentTarget.value = String(perGroup.peek());
            }}
          />
        </label>
      ) : (
        <div class="field">
          <label for="plot-genes">Names of genes</label>
          <textarea
            id="plot-genes"
            rows={3}
            spellcheck={false}
            placeholder="Type or paste names, such as CD3D, CD8A, MS4A1"
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
            onChange={(event) => (typed.value = event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) draw();
            }}
          />
          <button type="button" class="button" onClick={draw}>
            Draw
          </button>
          <GeneListChoice session={session} />
        </div>
      )}
      <Unknown session={session} />
      <div class="buttons" role="group" aria-label="Kind of plot">
        <button
          type="button"
          aria-pressed={!look.isHeatMap.value}
          onClick={() => (look.isHeatMap.value = false)}
        >
          Dots
        </button>
        <button
          type="button"
          aria-pressed={look.isHeatMap.value}
          onClick={() => (look.isHeatMap.value = true)}
        >
          Heat map
        </button>
      </div>
      <Toggle label="Scale each gene (0 to 1)" value={look.isScaled} />
      <Toggle label="Similar groups together" value={look.isOrdered} />
      <Toggle label="Similar genes together" value={look.hasSimilarGenes} />
    </PlotChoices>
  );
}

const MOST_NAMED = 10;

/** Names that no gene has, and genes that are not drawn. */
function Unknown({ session }: { session: Session }) {
  const { dots } = session.plots;
  const asked = dots.by.value ? dots.drawn.value?.asked : session.markers.plotGenes.value;
  const { genes, unknown, nAsked } = asked ?? { genes: [], unknown: [], nAsked: 0 };
  const named = unknown.slice(0, MOST_NAMED).join(', ');
  const more = unknown.length > MOST_NAMED ? ` and ${formatCount(unknown.length - MOST_NAMED)} more` : '';
  return (
    <p class="quiet plot-note" role="status">
      {unknown.length > 0 && `No exported gene is called ${named}${more}. `}
      {nAsked > genes.length &&
        `The first ${formatCount(genes.length)} of ${formatCount(nAsked)} genes are drawn.`}
    </p>
  );
}

interface DrawnProps {
  session: Session;
  plot: PlotValues;
  groups: PlotGroups;
  /** With the names that the page shows. */
  shown: PlotGroups;
  /** The groups from top to bottom, if not all in their own order. */
  order: readonly number[] | null;
  genes: GeneTable;
  facts: string;
}

function Drawn({ session, plot: loaded, groups, shown, order: usual, genes, facts }: DrawnProps) {
  const { markers, colouring } = session;
  const { look } = markers;
  const svg = useRef<SVGSVGElement>(null);
  const [pointed, setPointed] = useState<[number, number] | null>(null);
  const [isHeatMap, isScaled, isOrdered] = [look.isHeatMap.value, look.isScaled.value, look.isOrdered.value];
  const hasSimilarGenes = look.hasSimilarGenes.value;
  const plot = useMemo(() => (hasSimilarGenes ? similarGenes(loaded) : loaded), [loaded, hasSimilarGenes]);
  const order = useMemo(() => {
    if (!isOrdered && usual) return usual;
    return groupOrder(loaded, isOrdered).filter((group) => !usual || usual.includes(group));
  }, [loaded, usual, isOrdered]);
  const layout = useMemo(
    () => layOutPlot(plot, shown, genes.names, { isHeatMap, isScaled, order }),
    [plot, shown, genes, isHeatMap, isScaled, order],
  );
  useEffect(() => setPointed(null), [layout]);
  if (plot.genes.length === 0) {
    return <p class="quiet plot-empty">{NO_GENES}</p>;
  }
  if (order.length === 0) return <p class="quiet plot-empty">There are no such cells.</p>;
  const kind = isHeatMap ? 'Heat map' : 'Dot plot';
  return (
    <PlotFrame
      session={session}
      picture={svg}
      label={kind}
      stem={`${isHeatMap ? 'heat_map' : 'dot_plot'}_${groups.column}`}
      readout={readout(session, plot, shown, genes, pointed)}
      numbers={() => plotColumns(plot, groups, genes.names, shown.categories)}
      facts={facts}
    >
      <PlotPicture
        picture={svg}
        layout={layout}
        color={colorAt(colouring.scheme.value, colouring.isReversed.value)}
        label={`${kind} of ${formatCount(plot.genes.length)} genes by ${groups.column}`}
        describe={(column) => describeGene(plot, shown, genes, column)}
        coloured={colouringGene(session)}
        onGene={(gene) => void colourByMarker(session, gene, genes.names[gene])}
        onPoint={(square) => setPointed(square && [square[0], order[square[1]]])}
      />
    </PlotFrame>
  );
}

/** The numbers of the square under the pointer. */
function readout(
  { markers }: Session,
  plot: PlotValues,
  { categories, nCells }: PlotGroups,
  { names }: GeneTable,
  pointed: [number, number] | null,
): string {
  if (!pointed || pointed[0] >= plot.genes.length)
    return `Point at a ${markers.look.isHeatMap.value ? 'square' : 'dot'} for its numbers; click a gene to colour by it.`;
  const [column, group] = pointed;
  const at = column * plot.nGroups + group;
  return (
    `${names[plot.genes[column]]} in ${categories[group]}: ${meanText(plot, at)}` +
    `${statisticText(plot.shares[at], 'share')} of ${nCells ? formatCount(nCells[group]) : 'its'} cells`
  );
}

/** A gene in words: where its mean is highest. */
function describeGene(
  plot: PlotValues,
  { categories }: PlotGroups,
  { names }: GeneTable,
  column: number,
): string {
  const values = colouredValues(plot).subarray(column * plot.nGroups, (column + 1) * plot.nGroups);
  let highest = 0;
  values.forEach((value, group) => {
    if (value > values[highest] || Number.isNaN(values[highest])) highest = group;
  });
  const share = plot.shares[column * plot.nGroups + highest];
  return (
    `${names[plot.genes[column]]}: highest ${plot.means ? 'mean' : 'share'} in ${categories[highest]}, ` +
    `${plot.means ? `${statisticText(values[highest], 'number')}, ` : ''}${statisticText(share, 'share')} of its cells`
  );
}

function meanText({ means }: PlotValues, at: number): string {
  return means ? `mean ${statisticText(means[at], 'number')}, ` : '';
}
