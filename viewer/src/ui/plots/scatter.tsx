import type { ComponentChild } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Session } from '../../state/session';
import { offAxis } from '../../state/plots/log_axis';
import type { Range } from '../../state/plots/engine/engine';
import { readBounds, SIDES } from '../../state/plots/scatter/bounds';
import { layOutScatter, squareAt, type ScatterLayout } from '../../state/plots/scatter/layout';
import type { DrawnScatter } from '../../state/plots/scatter/scatter_plot';
import { correlationText, leftOutText, scatterColumns, squareText } from '../../state/plots/scatter/texts';
import { heldMode } from '../../state/selection/tools';
import { PlotChoices } from '../drawer/choices';
import { PlotFrame, type Size } from '../drawer/frame';
import { Toggle } from '../panel/controls/toggle';
import { ModeChoice } from '../stage/tools/modes';
import { reportTo, SubjectField } from './fields';
import { ScatterPicture } from './scatter_picture';

/** Two genes or numbers against each other. */
export function ScatterView({ session }: { session: Session }) {
  const { scatter } = session.plots;
  useEffect(() => scatter.follow(reportTo(session)), [session]);
  const drawn = scatter.drawn.value;
  return (
    <div class="plot-view cell-plot">
      <Choices session={session} />
      {drawn ? (
        <Drawn session={session} drawn={drawn} />
      ) : (
        <p class="quiet">
          {scatter.x.value && scatter.y.value
            ? 'Loading the plot …'
            : 'Choose a gene or a column of numbers for each axis.'}
        </p>
      )}
    </div>
  );
}

function Choices({ session }: { session: Session }) {
  const { scatter } = session.plots;
  return (
    <PlotChoices title="What is drawn, and how" isNeeded={!scatter.x.value || !scatter.y.value}>
      <SubjectField
        session={session}
        id="scatter-x"
        label="Across"
        chosen={scatter.x}
        shown={scatter.x.value}
      />
      <SubjectField session={session} id="scatter-y" label="Up" chosen={scatter.y} shown={scatter.y.value} />
      <div class="buttons">
        <button type="button" onClick={() => scatter.swap()}>
          Swap the axes
        </button>
      </div>
      <Toggle label="log1p axes" value={scatter.isLog} />
      {scatter.categories.value.by !== 'nothing' && (
        <Toggle label="Colours of the categories" value={scatter.isColoured} />
      )}
      <SelectInside session={session} />
    </PlotChoices>
  );
}

/** Selects by typed bounds what a rectangle would. */
function SelectInside({ session }: { session: Session }) {
  const { scatter } = session.plots;
  const [texts, setTexts] = useState<readonly string[]>(['', '', '', '']);
  const drawn = scatter.drawn.value;
  if (!drawn) return null;
  const { across, up, wrong, why } = readBounds(texts);
  return (
    <div class="by-value inside" role="group" aria-label="Select the cells in a rectangle">
      <p class="quiet">Select the cells in a rectangle</p>
      <div class="bounds">
        {SIDES.map((side, at) => (
          <input
            key={side}
            type="text"
            inputMode="decimal"
            autocomplete="off"
            aria-label={side}
            placeholder={side}
            aria-invalid={wrong.includes(at)}
            value={texts[at]}
            onInput={({ currentTarget: { value } }) => setTexts(texts.with(at, value))}
          />
        ))}
      </div>
      {why && (
        <p class="wrong" role="alert">
          {why}
        </p>
      )}
      <div class="apply">
        <ModeChoice session={session} />
        <button
          type="button"
          class="button"
          disabled={why !== null || texts.every((text) => text.trim() === '')}
          onClick={(event) => select(session, drawn, across, up, event)}
        >
          Select
        </button>
      </div>
    </div>
  );
}

function select(
  session: Session,
  drawn: DrawnScatter,
  across: Range,
  up: Range,
  held: { shiftKey: boolean; altKey: boolean },
): void {
  const mode = heldMode(held) ?? session.tools.mode.peek();
  void session.selection
    .applyLater(mode, session.plots.scatter.cellsInside(drawn, across, up))
    .catch((error: unknown) => (session.problem.value = error));
}

function Drawn({ session, drawn }: { session: Session; drawn: DrawnScatter }) {
  const picture = useRef<SVGSVGElement>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const { numbers, names, wanted, colours } = drawn;
  const { isLog } = wanted.request;
  useEffect(() => setPointed(null), [drawn]);
  const filled = useMemo(
    () => [...numbers.counts.keys()].filter((square) => numbers.counts[square] > 0),
    [numbers],
  );
  const label = `${names[1]} against ${names[0]}`;
  const step = pointed === null ? -1 : filled.indexOf(pointed);
  return (
    <PlotFrame
      session={session}
      picture={picture}
      label={label}
      stem={`scatter_${names[0]}_${names[1]}`}
      readout={pointed === null ? correlationText(drawn) : squareText(drawn, pointed)}
      numbers={() => scatterColumns(drawn)}
      steps={{
        count: filled.length,
        at: step < 0 ? null : step,
        go: (at) => setPointed(at === null ? null : filled[at]),
      }}
      facts={leftOutText(drawn) || null}
    >
      {(size: Size) => (
        <Fitted
          size={size}
          drawn={drawn}
          render={(layout) => (
            <ScatterPicture
              picture={picture}
              layout={layout}
              size={size}
              colors={wanted.request.colours === null ? null : colours}
              titles={names.map((name) => (isLog ? `${name} (log1p axis)` : name))}
              label={`${label}; ${correlationText(drawn)}; the table has the numbers`}
              pointed={pointed === null ? null : areaOf(drawn, layout, pointed)}
              onPoint={(x, y) => setPointed(squareAt(numbers.axes!, layout.x.invert(x), layout.y.invert(y)))}
              onLeave={() => setPointed(null)}
              onRectangle={({ left, right, top, bottom }, event) => {
                const value = (place: number) => offAxis(place, isLog);
                select(
                  session,
                  drawn,
                  [value(layout.x.invert(left)), value(layout.x.invert(right))],
                  [value(layout.y.invert(bottom)), value(layout.y.invert(top))],
                  event,
                );
              }}
            />
          )}
        />
      )}
    </PlotFrame>
  );
}

interface FittedProps {
  size: Size;
  drawn: DrawnScatter;
  render: (layout: ScatterLayout) => ComponentChild;
}

/** Lays out the plot anew only if it changes. */
function Fitted({ size, drawn, render }: FittedProps) {
  const layout = useMemo(
    () =>
      layOutScatter(
        drawn.numbers,
        drawn.wanted.request.isLog,
        drawn.wanted.request.colours === null ? null : drawn.colours.labels,
        size,
      ),
    [drawn, size.width, size.height],
  );
  return layout ? <>{render(layout)}</> : <p class="quiet">No shown cell has both values.</p>;
}

/** A square in pixels. */
function areaOf({ numbers }: DrawnScatter, { x, y }: ScatterLayout, square: number) {
  const [across, up] = numbers.axes!;
  const edge = ({ low, high, count }: typeof across, at: number) => low + ((high - low) * at) / count;
  const [column, row] = [square % across.count, Math.floor(square / across.count)];
  const [left, right] = [x(edge(across, column)), x(edge(across, column + 1))];
  const [bottom, top] = [y(edge(up, row)), y(edge(up, row + 1))];
  return { x: left, y: top, width: right - left, height: bottom - top };
}
