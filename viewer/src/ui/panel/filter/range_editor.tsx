import { useEffect, useMemo, useState } from 'preact/hooks';
import { boundAt, shareOf, whyNot, type Bounds } from '../../../state/filters/bounds';
import { distribute, measure, type Measured } from '../../../state/filters/distribution';
import { isIdle } from '../../../state/filters/filter';
import { boundText } from '../../../state/filters/texts';
import { formatCount, formatShare } from '../../../state/texts/format';
import type { Session } from '../../../state/session';
import { RangeSlider } from '../controls/range_slider';
import { BoundFields } from './bound_fields';
import { Brush } from './brush';
import { keyOfSubject, rangeFilterOf, type Subject } from './subject';

interface RangeEditorProps {
  session: Session;
  subject: Subject;
}

/** A range of numbers, chosen on their histogram or typed. */
export function RangeEditor({ session, subject }: RangeEditorProps) {
  const [measured, setMeasured] = useState<Measured | null>(null);
  useEffect(() => {
    const left = new AbortController();
    const { signal } = left;
    void loadNumbers(session, subject, signal).then(
      (loaded) => signal.aborted || setMeasured(loaded),
      (error: unknown) => session.report(error),
    );
    return () => left.abort();
  }, [session]);
  if (!measured) return <p class="quiet">Loading the values …</p>;
  return <Editor session={session} subject={subject} measured={measured} />;
}

async function loadNumbers(
  { bundle }: Session,
  subject: Subject,
  signal: AbortSignal,
): Promise<Measured | null> {
  if (subject.kind === 'gene') return measure(await bundle.expression(subject.gene, signal), true);
  const values = await bundle.column(subject.column, signal);
  return values.kind === 'numbers' ? measure(values.values, false) : null;
}

function Editor({ session, subject, measured }: RangeEditorProps & { measured: Measured }) {
  const filter = rangeFilterOf(session, subject);
  const mask = session.filters.maskWithout(keyOfSubject(subject));
  const counted = useMemo(() => distribute(measured, mask), [measured, mask]);
  const [why, setWhy] = useState<string | null>(null);
  const { extent, leastAbove, nMissing } = measured;
  if (!extent) return <p class="quiet">No cell has a value.</p>;

  const bounds: Bounds = [filter.low, filter.high];
  const choose = ([low, high]: Bounds, withMissing: boolean) => {
    const problem = whyNot([low, high]);
    setWhy(problem);
    if (problem === null) void session.filter({ ...filter, low, high, withMissing, isOn: true });
  };
  /** With the first bound, cells without a value go, unless they are asked for. */
  const bound = (next: Bounds) => {
    const isOpen = next[0] === null && next[1] === null;
    choose(next, isOpen && nMissing === 0 ? true : isIdle(filter) ? false : filter.withMissing);
  };
  const shares = [shareOf(filter.low, extent, 0), shareOf(filter.high, extent, 1)] as const;
  const ends = [filter.low ?? extent[0], filter.high ?? extent[1]] as const;
  const name = subject.kind === 'gene' ? subject.name : session.bundle.columns[subject.column].name;
  return (
    <div class="range-editor" role="group" aria-label={`Range of ${name}`}>
      {extent[0] === extent[1] ? (
        <p class="quiet">Every cell with a value has {boundText(extent[0])}.</p>
      ) : (
        <div>
          <Brush
            bars={counted.bars}
            shares={shares}
            onBrush={([from, to]) => bound([boundAt(from, extent), boundAt(to, extent)])}
          />
          <RangeSlider
            extent={[0, 1]}
            range={shares}
            gradient="var(--accent)"
            labels={['Lowest value shown', 'Highest value shown']}
            texts={[boundText(ends[0]), boundText(ends[1])]}
            onChange={([from, to]) =>
              bound([
                from === shares[0] ? filter.low : boundAt(from, extent),
                to === shares[1] ? filter.high : boundAt(to, extent),
              ])
            }
          />
        </div>
      )}
      <BoundFields bounds={bounds} extent={extent} onChange={bound} />
      {why && (
        <p class="why" role="alert">
          {why}
        </p>
      )}
      {leastAbove !== null && counted.nZero > 0 && (
        <p class="quiet zeros">
          Zero in {formatShare(counted.nZero, counted.nCells)} of the cells ({formatCount(counted.nZero)});
          the bars leave them out.
        </p>
      )}
      {nMissing > 0 && (
        <label class="check">
          <input
            type="checkbox"
            checked={filter.withMissing}
            onChange={(event) => choose(bounds, event.currentTarget.checked)}
          />
          <span>
            Cells without a value <span class="count">{formatCount(counted.nMissing)}</span>
          </span>
        </label>
      )}
      <div class="buttons" role="group" aria-label="Set the range">
        <button type="button" disabled={isIdle(filter)} onClick={() => choose([null, null], true)}>
          All values
        </button>
        {leastAbove !== null && (
          <button type="button" onClick={() => choose([leastAbove, null], false)}>
            Above zero
          </button>
        )}
      </div>
    </div>
  );
}
