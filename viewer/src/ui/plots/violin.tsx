import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { signal } from '@preact/signals';
import type { Session } from '../../state/session';
import { MISSING } from '../../state/filters/mask';
import type { Grouping } from '../../state/plots/engine/groupings';
import { arrange } from '../../state/plots/violin/arrange';
import { layOutViolins, markAt, type ViolinLayout } from '../../state/plots/violin/layout';
import {
  axisTitle,
  densityColumns,
  groupText,
  leftOutText,
  nothingDrawn,
  pointsText,
  violinColumns,
  violinText,
} from '../../state/plots/violin/texts';
import { MOST_PARTS, ORDERS, WIDTHS, type DrawnViolins } from '../../state/plots/violin/violin_plot';
import type { Violin } from '../../state/plots/violin/violins';
import { PlotChoices } from '../drawer/choices';
import { PlotFrame } from '../drawer/frame';
import { plotWidthOf } from '../picture/draw';
import { Toggle } from '../panel/controls/toggle';
import { GroupingField, reportTo, SubjectField, WordField } from './fields';
import { ViolinPicture } from './violin_picture';

const TABLES = { groups: 'Groups', densities: 'Densities' } as const;
/** What the table and the CSV hold. */
const table = signal<keyof typeof TABLES>('groups');

/** A gene or number by category, as violins and boxes. */
export function ViolinView({ session }: { session: Session }) {
  const { violin } = session.plots;
  useEffect(() => violin.follow(reportTo(session)), [session]);
  const drawn = violin.drawn.value;
  return (
    <div class="plot-view cell-plot">
      <Choices session={session} />
      {drawn ? (
        <Drawn session={session} drawn={drawn} />
      ) : (
        <p class="quiet">
          {violin.subject.value ? 'Loading the plot …' : 'Choose a gene or a column of numbers.'}
        </p>
      )}
    </div>
  );
}

function Choices({ session }: { session: Session }) {
  const { violin } = session.plots;
  return (
    <PlotChoices title="What is drawn, and how" isNeeded={!violin.subject.value}>
      <SubjectField
        session={session}
        id="violin-values"
        label="Values"
        chosen={violin.chosen}
        shown={violin.subject.value}
        clear="Follow the colours again"
      />
      <GroupingField
        session={session}
        label="By"
        value={violin.by.value}
        nothing="All cells"
        onChoose={(grouping) => (violin.chosenBy.value = grouping)}
      />
      <GroupingField
        session={session}
        label="Split by"
        value={violin.split.value}
        nothing="Nothing"
        most={MOST_PARTS}
        onChoose={(grouping) => (violin.split.value = grouping)}
      />
      <WordField label="Order" words={ORDERS} value={violin.order} />
      <Toggle label="Violins" value={violin.hasViolins} />
      {violin.hasViolins.value && <WordField label="Widths" words={WIDTHS} value={violin.widths} />}
      <Toggle label="Boxes" value={violin.hasBoxes} />
      <Toggle label="Points" value={violin.hasPoints} />
      <Toggle label="With zeros" value={violin.withZeros} />
      <Toggle label="log1p axis" value={violin.isLog} />
      <WordField label="Numbers of" words={TABLES} value={table} />
    </PlotChoices>
  );
}

function Drawn({ session, drawn }: { session: Session; drawn: DrawnViolins }) {
  const { violin } = session.plots;
  const picture = useRef<SVGSVGElement>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const [clicked, setClicked] = useState<number | null>(null);
  const categories = useMemo(() => arrange(drawn, violin.order.value), [drawn, violin.order.value]);
  const all = useMemo(() => categories.flatMap(({ parts }) => parts), [categories]);
  useEffect(() => {
    setPointed(null);
    setClicked(null);
  }, [all]);
  const look = {
    isLog: drawn.wanted.request.isLog,
    hasViolins: violin.hasViolins.value,
    hasBoxes: violin.hasBoxes.value,
    hasPoints: violin.hasPoints.value,
    widths: violin.widths.value,
  };
  const at = pointed ?? clicked;
  const current = at === null ? undefined : all[at];
  const select = (part: Violin, event: MouseEvent) =>
    void session.selection
      .applyLater(session.tools.modeFor(event), violin.cellsOf(drawn, part.by, part.split))
      .catch((error: unknown) => (session.problem.value = error));
  const facts = [leftOutText(drawn), look.hasPoints && pointsText(all.length)].filter(Boolean).join(' ');
  const title = axisTitle(drawn);
  const label = `Violins of ${title}${drawn.by.name && ` by ${drawn.by.name}`}`;
  const columns = () => {
    const parts = all.map((each) => ({ violin: each }));
    return table.value === 'groups' ? violinColumns(drawn, parts) : densityColumns(drawn, parts);
  };
  const nothing = nothingDrawn(drawn);
  if (nothing) return <p class="quiet plot-empty">{nothing}</p>;
  return (
    <PlotFrame
      session={session}
      picture={picture}
      label={label}
      stem={['violins', drawn.name, drawn.by.name].filter(Boolean).join('_')}
      readout={
        current
          ? violinText(drawn, current)
          : 'Point at a violin for its numbers; click it to select its cells.'
      }
      numbers={columns}
      steps={{
        count: all.length,
        at,
        go: (step) => {
          setPointed(null);
          setClicked(step);
        },
      }}
      facts={facts || null}
      acts={
        current && (
          <>
            <button
              type="button"
              class="button"
              aria-label={`Select: ${groupText(drawn, current)}`}
              title="Select these cells (Shift adds, Alt subtracts)"
              onClick={(event) => select(current, event)}
            >
              Select
            </button>
            {drawn.wanted.by.by !== 'nothing' && drawn.wanted.by.by !== 'selection' && (
              <button
                type="button"
                class="button"
                aria-label={`Only this: ${drawn.by.labels[current.by]}`}
                onClick={() => showOnly(session, drawn.wanted.by, current.by, drawn.by.labels)}
              >
                Only this
              </button>
            )}
          </>
        )
      }
    >
      {(size) => {
        const layout = layOutViolins(
          categories,
          drawn.split.name ? drawn.split.labels : [''],
          look,
          size,
          plotWidthOf,
        );
        const place = (x: number, y: number) => markAt(layout, x, y);
        return (
          <ViolinPicture
            picture={picture}
            layout={layout}
            colors={colorsOf(drawn, layout)}
            partColors={drawn.split.colors}
            title={title}
            label={label}
            pointed={at}
            isScrolled={layout.height > size.height}
            onPoint={(x, y) => setPointed(place(x, y))}
            onLeave={() => setPointed(null)}
            onClick={(x, y, event) => {
              const mark = place(x, y);
              setClicked(mark);
              if (mark !== null) select(all[mark], event);
            }}
          />
        );
      }}
    </PlotFrame>
  );
}

/** Parts have colours of their own; without them, categories do. */
function colorsOf({ by, split }: DrawnViolins, { marks }: ViolinLayout): string[] {
  return marks.map(({ violin }) => (split.name ? split.colors[violin.split] : by.colors[violin.by]));
}

/** Hides the cells of all other groups. */
function showOnly(session: Session, grouping: Grouping, code: number, labels: readonly string[]): void {
  if (grouping.by === 'column') {
    const others = new Set([MISSING, ...labels.keys()]);
    others.delete(code);
    void session.hide(grouping.index, others);
  } else if (grouping.by === 'groups') {
    const group = session.groups.list.peek()[code];
    void session.filter({ kind: 'cells', name: group.name, cells: group.cells, isInside: true, isOn: true });
  }
}
