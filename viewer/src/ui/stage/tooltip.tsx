import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Scene } from '../../scene/scene';
import { formatCellValue, formatCount } from '../../state/format';
import type { CellDetails, Session } from '../../state/session';

const GAP = 14;
const EDGE = 8;
/** Letters of a value: the rest would be off the page. */
const LONGEST = 300;

/** All that the bundle knows about the cell under the pointer, and a ring around it. */
export function Tooltip({ session, scene }: { session: Session; scene: Scene }) {
  const hovered = session.hovered.value;
  const details = useDetails(session, hovered?.cell ?? null);
  const box = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    if (box.current && hovered) placeBeside(box.current, hovered.x, hovered.y);
  });

  if (!hovered) return null;
  const spot = scene.spotOf(hovered.cell);
  const { by } = session.colouring.current.value;
  const coloured = by.by === 'column' ? by.index : -1;
  return (
    <>
      {spot && <Ring {...spot} />}
      <div ref={box} class="tooltip" role="tooltip" data-cell={hovered.cell}>
        {details ? <Rows details={details} coloured={coloured} /> : <p class="quiet">…</p>}
      </div>
    </>
  );
}

/** A ring around the cell that was clicked. */
export function Pin({ session, scene }: { session: Session; scene: Scene }) {
  const cell = session.pinned.value;
  const spot = cell === null ? null : scene.spotOf(cell);
  return spot && <Ring {...spot} />;
}

function Rows({ details, coloured }: { details: CellDetails; coloured: number }) {
  return (
    <>
      <p class="cell-id">{details.id.slice(0, LONGEST)}</p>
      <dl class={details.columns.length > 18 ? 'two' : ''}>
        {details.gene && (
          <div class="current">
            <dt>{details.gene.name}</dt>
            <dd>{formatCellValue(details.gene.value)}</dd>
          </div>
        )}
        {details.columns.map(({ column, name, value }) => (
          <div key={column} class={column === coloured ? 'current' : ''}>
            <dt>{name}</dt>
            <dd>{formatCellValue(value).slice(0, LONGEST)}</dd>
          </div>
        ))}
      </dl>
      {details.nMore > 0 && <p class="quiet">and {formatCount(details.nMore)} more columns</p>}
    </>
  );
}

function Ring({ x, y, diameter }: { x: number; y: number; diameter: number }) {
  const side = Math.max(8, diameter + 4);
  return (
    <div class="ring" style={{ left: `${x}px`, top: `${y}px`, width: `${side}px`, height: `${side}px` }} />
  );
}

/** Details of a cell; null while they come. Those of a cell that was left are dropped. */
function useDetails(session: Session, cell: number | null): CellDetails | null {
  const [details, setDetails] = useState<CellDetails | null>(null);
  const { label } = session.colouring.current.value;
  useEffect(() => {
    if (cell === null) return undefined;
    let left = false;
    session.describe(cell).then(
      (found) => {
        if (!left) setDetails(found);
      },
      (error: unknown) => (session.problem.value = error),
    );
    return () => {
      left = true;
    };
  }, [session, cell, label]);
  return details?.cell === cell ? details : null;
}

/** To the lower right of the pointer, or where there is room. */
function placeBeside(box: HTMLElement, x: number, y: number): void {
  const stage = box.parentElement!;
  const { offsetWidth: width, offsetHeight: height } = box;
  const right = x + GAP + width <= stage.clientWidth - EDGE;
  const left = right ? x + GAP : Math.max(EDGE, x - GAP - width);
  const top = Math.max(EDGE, Math.min(y + GAP, stage.clientHeight - EDGE - height));
  box.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
}
