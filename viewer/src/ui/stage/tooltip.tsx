import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Scene } from '../../scene/scene';
import type { Hovered } from '../../state/drawing/hovered';
import type { CellDetails } from '../../state/texts/cell_details';
import { formatCounted, formatNbytes } from '../../state/texts/format';
import type { Session } from '../../state/session';
import type { SidePanel } from '../../state/view/linked/side_panel';
import { placeBeside } from './place_beside';

/** Most letters of a value: more would not fit on the page. */
const LONGEST = 300;

interface MarkProps {
  session: Session;
  scene: Pick<Scene, 'spotOf'>;
  /** The panel; undefined for the stage. */
  panel?: SidePanel;
}

/** A ring around the cell under the pointer, on each plot; and its values in memory, beside the pointer. */
export function Tooltip({ session, scene, panel }: MarkProps) {
  const hovered = session.hovered.value;
  if (!hovered || (panel && !panel.holds(hovered.cell))) return null;
  if (hovered.panel === panel?.number) return <Values session={session} scene={scene} hovered={hovered} />;
  const spot = scene.spotOf(hovered.cell);
  return spot && <Ring {...spot} />;
}

function Values({ session, scene, hovered }: MarkProps & { hovered: Hovered }) {
  const { cell } = hovered;
  const box = useRef<HTMLDivElement>(null);
  const spot = scene.spotOf(cell);

  useLayoutEffect(() => {
    if (box.current) place(box.current, spot ?? { ...hovered, diameter: 0 });
  });
  useEffect(() => {
    if (!session.details.isSmall(cell)) return;
    const left = new AbortController();
    session.details.load(cell, left.signal).catch((error: unknown) => session.report(error));
    return () => left.abort();
  }, [session, cell]);

  return (
    <>
      {spot && <Ring {...spot} />}
      <div ref={box} class="tooltip" role="tooltip" data-cell={hovered.cell}>
        <Rows details={detailsOf(session, hovered)} byTouch={hovered.byTouch ?? false} />
      </div>
    </>
  );
}

/** A ring around the cell that was clicked. */
export function Pin({ session, scene, panel }: MarkProps) {
  const cell = session.pinned.value;
  const spot = cell === null || panel?.holds(cell) === false ? null : scene.spotOf(cell);
  return spot && <Ring {...spot} />;
}

/** The values of a cell; those of both sides of a curtain, that of the side under the pointer as the current one. */
function detailsOf({ details, curtain, view, tissue }: Session, { cell, x, panel }: Hovered): CellDetails {
  const known = details.of(cell);
  const isGrid = tissue.sections.mode.value === 'grid';
  if (!curtain.isDrawn.value || isGrid || panel !== undefined) return known;
  const isRight = curtain.isRight(x / view.size.value.width);
  const second = { ...curtain.rowOf(cell), isCurrent: isRight };
  const others = known.rows.filter(({ name }) => name !== second.name);
  const rows = others.map((row) => ({ ...row, isCurrent: row.isCurrent && !isRight }));
  const at = rows.findIndex(({ isCurrent }) => isCurrent) + 1;
  return { ...known, rows: [...rows.slice(0, at), second, ...rows.slice(at)] };
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
