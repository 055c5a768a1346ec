import type { ComponentChildren, RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Session } from '../../state/session';
import { toCsv, type CsvColumn } from '../../state/texts/csv';
import { NumbersTable } from './numbers_table';
import { SaveButtons } from './save/save_buttons';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Marks that the arrow keys lead through, as the pointer does. */
interface Steps {
  readonly count: number;
  /** The one whose numbers are read out. */
  readonly at: number | null;
  readonly go: (at: number | null) => void;
  /** What Enter does with it. */
  readonly choose?: (at: number) => void;
}

interface PlotFrameProps {
  session: Session;
  picture: RefObject<SVGSVGElement | null>;
  /** For the scrolled region and the table. */
  label: string;
  /** Of the file names, after the name of the bundle. */
  stem: string;
  /** The numbers of what is pointed at, or how to see some. */
  readout: string;
  /** What is drawn as columns: a table, and the CSV. */
  numbers: () => readonly CsvColumn[];
  steps?: Steps;
  /** Buttons for what is pointed at. */
  acts?: ComponentChildren;
  /** What else must be known of the numbers. */
  facts?: string | null;
  /** Told of the room that there is. */
  onSize?: (size: Size) => void;
  /** The picture, as SVG; drawn for the room that there is, if it is a function. */
  children: ComponentChildren | ((size: Size) => ComponentChildren);
}

/** Around a plot: what is pointed at, the numbers as a table, and the files. */
export function PlotFrame(props: PlotFrameProps) {
  const { session, picture, label, stem, readout, numbers, steps, acts, facts, onSize, children } = props;
  const [isTable, setTable] = useState(false);
  const scrolled = useRef<HTMLDivElement>(null);
  const size = useSize(scrolled);
  useLayoutEffect(() => {
    if (size) onSize?.(size);
  }, [size]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (!steps || steps.count === 0 || event.target !== event.currentTarget) return;
    const { at, count, go, choose } = steps;
    if (event.key === 'Enter' && at !== null) choose?.(at);
    const moves = new Map([
      ['ArrowRight', at === null ? 0 : Math.min(count - 1, at + 1)],
      ['ArrowLeft', at === null ? 0 : Math.max(0, at - 1)],
      ['Home', 0],
      ['End', count - 1],
    ]);
    const next = moves.get(event.key);
    if (next === undefined) return;
    event.preventDefault();
    go(next);
  };
  return (
    <div class="plot-drawn">
      <div class="drawer-tools">
        <span class="quiet readout" aria-live={steps ? 'polite' : undefined}>
          {readout}
        </span>
        {acts}
        <button type="button" class="button" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
          Numbers
        </button>
        <SaveButtons session={session} picture={picture} stem={stem} csv={() => toCsv(numbers())} />
      </div>
      {isTable && <NumbersTable label={label} columns={numbers()} />}
      <div
        ref={scrolled}
        class={typeof children === 'function' ? 'plot-scroll fits' : 'plot-scroll'}
        hidden={isTable}
        tabIndex={0}
        role="region"
        aria-label={steps ? `${label}, arrow keys lead through the numbers` : `${label}, may be scrolled`}
        onKeyDown={onKeyDown}
      >
        {typeof children !== 'function' ? children : size && children(size)}
      </div>
      {facts && <p class="quiet facts">{facts}</p>}
    </div>
  );
}

/** The room of an element; the last one while it is hidden. */
function useSize(element: RefObject<HTMLElement | null>): Size | null {
  const [size, setSize] = useState<Size | null>(null);
  useLayoutEffect(() => {
    const watched = element.current!;
    const watch = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = watched;
      if (width > 0)
        setSize((known) => (known?.width === width && known.height === height ? known : { width, height }));
    });
    watch.observe(watched);
    return () => watch.disconnect();
  }, []);
  return size;
}
