import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Scene } from '../../scene/scene';
import type { CellDetails } from '../../state/texts/cell_details';
import { formatCounted, formatNbytes } from '../../state/texts/format';
import type { Session } from '../../state/session';
import { placeBeside } from './place_beside';

/** Most letters of a value: more would not fit on the page. */
const LONGEST = 300;

/** The values in memory of the cell under the pointer, and a ring around it. */
export function Tooltip({ session, scene }: { session: Session; scene: Pick<Scene, 'spotOf'> }) {
  const hovered = session.hovered.value;
  const cell = hovered?.cell ?? null;
  const box = useRef<HTMLDivElement>(null);
  const spot = cell === null ? null : scene.spotOf(cell);

  useLayoutEffect(() => {
    if (box.current && hovered) place(box.current, spot ?? { ...hovered, diameter: 0 });
  });
  useEffect(() => {
    if (cell === null || !session.details.isSmall(cell)) return;
    const left = new AbortController();
    session.details.load(cell, left.signal).catch((error: unknown) => session.report(error));
    return () => left.abort();
  }, [session, cell]);

  if (!hovered) return null;
  return (
    <>
      {spot && <Ring {...spot} />}
      <div ref={box} class="tooltip" role="tooltip" data-cell={hovered.cell}>
        <Rows details={session.details.of(hovered.cell)} byTouch={hovered.byTouch ?? false} />
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

function Rows({ details, byTouch }: { details: CellDetails; byTouch: boolean }) {
  const { id, rows, nMore } = details;
  return (
    <>
      {id !== null && <p class="cell-id">{id.slice(0, LONGEST)}</p>}
      {details.lacking !== 0 && <p class="quiet lacking">{lackingText(details, byTouch)}</p>}
      <dl>
        {rows.map(({ name, text, isCurrent }, at) => (
          <div key={at} class={isCurrent ? 'current' : ''}>
            <dt>{name}</dt>
            <dd>{text === null ? '…' : text.slice(0, LONGEST)}</dd>
          </div>
        ))}
      </dl>
      {nMore > 0 && <p class="quiet">and {formatCounted(nMore, 'more column')}</p>}
    </>
  );
}

function lackingText({ id, lacking }: CellDetails, byTouch: boolean): string {
  const act = byTouch ? 'Tap again' : 'Click';
  const what = id === null ? 'its name' : 'its texts';
  return `${act} for ${what}${lacking === null ? '' : ` (${formatNbytes(lacking)})`}`;
}

function Ring({ x, y, diameter }: { x: number; y: number; diameter: number }) {
  const side = Math.max(8, diameter + 4);
  return (
    <div class="ring" style={{ left: `${x}px`, top: `${y}px`, width: `${side}px`, height: `${side}px` }} />
  );
}

function place(box: HTMLElement, spot: { x: number; y: number; diameter: number }): void {
  const stage = box.parentElement!;
  // Reset an earlier cut, so that it is as high as its content.
  box.style.height = '';
  const size = { width: box.offsetWidth, height: box.offsetHeight };
  const { left, top, height } = placeBeside(spot, size, {
    width: stage.clientWidth,
    height: stage.clientHeight,
  });
  if (height < size.height) box.style.height = `${Math.floor(height)}px`;
  box.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
}
