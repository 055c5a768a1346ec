import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import {
  binAt,
  binText,
  histogramFacts,
  histogramColumns,
  layOutHistogram,
  NO_GROUP_COLOR,
  nothingDrawn,
} from '../../state/plots/counts/histogram_layout';
import { LOOKS, MOST_BINS, MOST_SPLIT, type DrawnHistogram } from '../../state/plots/counts/histogram_plot';
import type { Session } from '../../state/session';
import { PlotChoices } from '../drawer/choices';
import { PlotFrame, type Size } from '../drawer/frame';
import { Toggle } from '../panel/controls/toggle';
import { FONT, plotWidthOf } from '../picture/draw';
import { pointing } from '../picture/pointing';
import { BottomAxis, LeftAxis } from './axes';
import { GroupingField, NONE_SELECTED, reportTo, SubjectField, WordField } from './fields';
import { PlotKey } from './key';

/** How often the cells have which numbers. */
export function HistogramView({ session }: { session: Session }) {
  const { histogram } = session.plots;
  useEffect(() => histogram.follow(reportTo(session)), [session]);
  const drawn = histogram.drawn.value;
  return (
    <div class="plot-view">
      <Choices session={session} />
      {histogram.onlySelected.value && session.selection.count.value === 0 ? (
        <p class="quiet plot-empty">{NONE_SELECTED}</p>
      ) : drawn ? (
        <Drawn session={session} drawn={drawn} />
      ) : (
        <p class="quiet">
          {histogram.subject.value ? 'Loading the plot …' : 'Choose a gene or a column of numbers.'}
        </p>
      )}
    </div>
  );
}

function Choices({ session }: { session: Session }) {
  const { histogram } = session.plots;
  const { by, nBins } = histogram;
  return (
    <PlotChoices title="What is drawn, and how" isNeeded={!histogram.subject.value}>
      <SubjectField
        session={session}
        id="histogram-values"
        label="Values"
        chosen={histogram.chosen}
        shown={histogram.subject.value}
        clear="Follow the colours again"
      />
      <GroupingField
        session={session}
        label="Split by"
        value={by.value}
        nothing="Nothing"
        most={MOST_SPLIT}
        onChoose={(grouping) => (by.value = grouping)}
      />
      {by.value.by !== 'nothing' && <WordField label="Groups" words={LOOKS} value={histogram.look} />}
      <label class="number">
        <span>Bins, 1 to {MOST_BINS}</span>
        <input
          type="number"
          min={1}
          max={MOST_BINS}
          value={nBins.value}
          onChange={(event) => {
            // Nothing, or no number, changes nothing.
            const typed = event.currentTarget.valueAsNumber;
            if (typed === typed) nBins.value = Math.max(1, Math.min(MOST_BINS, Math.round(typed)));
            event.currentTarget.value = String(nBins.peek());
          }}
        />
      </label>
      <Toggle label="Logarithmic numbers of cells" value={histogram.isLog} />
      <Toggle label="Only selected cells" value={histogram.onlySelected} />
    </PlotChoices>
  );
}

function Drawn({ session, drawn }: { session: Session; drawn: DrawnHistogram }) {
  const { histogram } = session.plots;
  const picture = useRef<SVGSVGElement>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  useEffect(() => setPointed(null), [drawn]);
  const nBins = drawn.edges.length - 1;
  const nothing = nothingDrawn(drawn);
  if (nothing) return <p class="quiet plot-empty">{nothing}</p>;
  const bin = pointed !== null && pointed < nBins ? pointed : null;
  const split = drawn.by.name && ` by ${drawn.by.name}`;
  return (
    <PlotFrame
      session={session}
      picture={picture}
      label={`Histogram of ${drawn.name}${split}`}
      stem={['histogram', drawn.name, drawn.by.name].filter(Boolean).join('_')}
      readout={bin === null ? 'Point at a bar for its numbers.' : binText(drawn, bin)}
      numbers={() => histogramColumns(drawn)}
      steps={{ count: nBins, at: bin, go: setPointed }}
      facts={histogramFacts(drawn) || null}
    >
      {(size) => (
        <Picture
          picture={picture}
          drawn={drawn}
          look={histogram.look.value}
          isLog={histogram.isLog.value}
          size={size}
          bin={bin}
          onPoint={setPointed}
        />
      )}
    </PlotFrame>
  );
}

interface PictureProps {
  picture: { current: SVGSVGElement | null };
  drawn: DrawnHistogram;
  look: keyof typeof LOOKS;
  isLog: boolean;
  size: Size;
  bin: number | null;
  onPoint: (bin: number | null) => void;
}

function Picture({ picture, drawn, look, isLog, size, bin, onPoint }: PictureProps) {
  const layout = useMemo(
    () => layOutHistogram(drawn, { look, isLog, widthOf: plotWidthOf, ...size }),
    [drawn, look, isLog, size],
  );
  const { box, steps, edges, key, height } = layout;
  const colors = [...drawn.by.colors, NO_GROUP_COLOR];
  const isOutlined = look === 'overlaid' && steps.length > 1;
  return (
    <svg
      ref={picture}
      class="plot"
      role="img"
      aria-label={`Histogram of ${drawn.name}; the table has the numbers`}
      width={size.width}
      height={height}
      viewBox={`0 0 ${size.width} ${height}`}
      font-family={FONT}
      font-size="12"
      {...pointing(
        (x, y) => onPoint(binAt(layout, x, y)),
        () => onPoint(null),
      )}
    >
      <LeftAxis
        ticks={layout.yTicks}
        title="Cells"
        x={box.x}
        y={box.y}
        height={box.height}
        across={box.width}
      />
      {bin !== null && (
        <rect
          x={edges[bin]}
          y={box.y}
          width={edges[bin + 1] - edges[bin]}
          height={box.height}
          fill="currentColor"
          fill-opacity={0.12}
        />
      )}
      {steps.map(({ group, path }) => (
        <path
          key={group}
          d={path}
          fill={colors[group]}
          fill-opacity={isOutlined ? 0.15 : 0.85}
          stroke={colors[group]}
          stroke-width={isOutlined ? 1.5 : 0.5}
        />
      ))}
      <BottomAxis
        ticks={layout.xTicks}
        title={drawn.name}
        x={box.x}
        y={box.y + box.height}
        width={box.width}
      />
      {key && <PlotKey layout={key} x={box.x} y={box.y + box.height + 44} colors={colors} />}
    </svg>
  );
}
