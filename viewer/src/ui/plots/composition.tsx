import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import {
  BAR_HEIGHT,
  compositionColumns,
  layOutComposition,
  partAt,
  partText,
} from '../../state/plots/counts/composition_layout';
import {
  AMOUNTS,
  MOST_BARS,
  MOST_PARTS,
  SORTS,
  type DrawnComposition,
} from '../../state/plots/counts/composition_plot';
import { NO_GROUP_COLOR } from '../../state/plots/counts/histogram_layout';
import { formatCount } from '../../state/texts/format';
import type { Session } from '../../state/session';
import { PlotChoices } from '../drawer/choices';
import { PlotFrame } from '../drawer/frame';
import { Toggle } from '../panel/controls/toggle';
import { FONT, plotWidthOf } from '../picture/draw';
import { pointing } from '../picture/pointing';
import { BottomAxis } from './axes';
import { GroupingField, NONE_SELECTED, reportTo, WordField } from './fields';
import { PlotKey } from './key';

/** The categories of one column in each category of another. */
export function CompositionView({ session }: { session: Session }) {
  const { composition } = session.plots;
  const { of, by, chosenOf, chosenBy, drawn } = composition;
  useEffect(() => composition.follow(reportTo(session)), [session]);
  return (
    <div class="plot-view">
      <PlotChoices title="What is drawn, and how" isNeeded={of.value.by === 'nothing'}>
        <GroupingField
          session={session}
          label="Parts"
          value={of.value}
          nothing="Choose a column"
          most={MOST_PARTS}
          onChoose={(grouping) => (chosenOf.value = grouping)}
        />
        <GroupingField
          session={session}
          label="In each of"
          value={by.value}
          nothing="All cells together"
          most={MOST_BARS}
          onChoose={(grouping) => (chosenBy.value = grouping)}
        />
        <WordField label="Lengths" words={AMOUNTS} value={composition.amount} />
        <WordField label="Order" words={SORTS} value={composition.sort} />
        <Toggle label="Only selected cells" value={composition.onlySelected} />
      </PlotChoices>
      {composition.onlySelected.value && session.selection.count.value === 0 ? (
        <p class="quiet plot-empty">{NONE_SELECTED}</p>
      ) : drawn.value ? (
        <Drawn session={session} drawn={drawn.value} />
      ) : (
        <p class="quiet">
          {of.value.by === 'nothing' ? 'Choose the column of the parts.' : 'Loading the plot …'}
        </p>
      )}
    </div>
  );
}

function Drawn({ session, drawn }: { session: Session; drawn: DrawnComposition }) {
  const { composition } = session.plots;
  const [amount, sort] = [composition.amount.value, composition.sort.value];
  const picture = useRef<SVGSVGElement>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const [width, setWidth] = useState(600);
  const layout = useMemo(
    () => layOutComposition(drawn, { amount, sort, width }, plotWidthOf),
    [drawn, amount, sort, width],
  );
  useEffect(() => setPointed(null), [layout]);
  const { by, of } = drawn;
  const { bars, parts, key, left, bottom, height } = layout;
  if (bars.length === 0) return <p class="quiet plot-empty">There are no such cells.</p>;
  const current = pointed === null ? undefined : parts[pointed];
  const colors = [...of.colors, NO_GROUP_COLOR];
  const label = `Composition of ${of.name}${by.name && ` in ${by.name}`}`;
  return (
    <PlotFrame
      session={session}
      picture={picture}
      label={label}
      stem={['composition', of.name, by.name].filter(Boolean).join('_')}
      readout={current ? partText(drawn, current) : 'Point at a part for its numbers.'}
      numbers={() => compositionColumns(drawn, sort)}
      steps={{ count: parts.length, at: pointed, go: setPointed }}
      onSize={(size) => setWidth(size.width)}
    >
      <svg
        ref={picture}
        class="plot"
        role="img"
        aria-label={`${label}; the table has the numbers`}
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        font-family={FONT}
        font-size="12"
        {...pointing(
          (x, y) => setPointed(partAt(layout, x, y)),
          () => setPointed(null),
        )}
      >
        {bars.map(({ row, name, text, total, y }) => (
          <text
            key={row}
            x={left - 8}
            y={y + BAR_HEIGHT / 2}
            dy="0.35em"
            text-anchor="end"
            fill="currentColor"
            font-weight={current?.row === row ? 700 : 400}
          >
            <title>{`${name}: ${formatCount(total)} cells`}</title>
            {text}
          </text>
        ))}
        {parts.map((part, at) => (
          <rect
            key={`${part.row} ${part.column}`}
            x={part.x}
            y={part.y}
            width={part.width}
            height={BAR_HEIGHT}
            fill={colors[part.column]}
            stroke={at === pointed ? 'currentColor' : 'none'}
            stroke-width={2}
          />
        ))}
        <BottomAxis
          ticks={layout.ticks}
          title={amount === 'shares' ? 'Share of the cells' : 'Cells'}
          x={left}
          y={bottom}
          width={layout.width}
        />
        <PlotKey layout={key} x={14} y={bottom + 44} colors={colors} strong={current?.column} />
      </svg>
    </PlotFrame>
  );
}
