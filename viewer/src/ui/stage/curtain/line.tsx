import type { Session } from '../../../state/session';
import { folded } from '../../page/fold';
import { CurtainLegend } from './legend';

const STEP = 0.01;

/** The line of a curtain, with the names and legends of both sides. */
export function CurtainLine({ session }: { session: Session }) {
  const { curtain, colouring } = session;
  if (!curtain.isDrawn.value) return null;
  const at = curtain.at.value;
  const [left, right] = [colouring, curtain.colouring].map(
    ({ current }) => current.value.label || 'one colour',
  );
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.shiftKey ? 10 * STEP : STEP;
    const moves = new Map([
      ['ArrowLeft', at - step],
      ['ArrowDown', at - step],
      ['ArrowRight', at + step],
      ['ArrowUp', at + step],
      ['PageDown', at - 10 * STEP],
      ['PageUp', at + 10 * STEP],
      ['Home', 0],
      ['End', 1],
    ]);
    const next = moves.get(event.key);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    curtain.move(next);
  };
  return (
    <>
      {/* The panel has the legend of the left side. */}
      {folded.value && <CurtainLegend colouring={colouring} side="left" />}
      <CurtainLegend colouring={curtain.colouring} side="right" />
      <div
        class="curtain"
        style={{ left: `${100 * at}%` }}
        role="slider"
        tabIndex={0}
        aria-label="Curtain"
        aria-orientation="horizontal"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(100 * at)}
        aria-valuetext={`${left} on the left ${Math.round(100 * at)} %, ${right} on the right`}
        title="Drag, or use the arrow keys; double-click for the middle"
        onKeyDown={onKeyDown}
        onDblClick={() => curtain.move(0.5)}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.stopPropagation();
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={(event) => {
          if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
          const box = event.currentTarget.parentElement!.getBoundingClientRect();
          curtain.move((event.clientX - box.left) / box.width);
        }}
      >
        <span class="curtain-grip" aria-hidden="true">
          ‹ ›
        </span>
      </div>
    </>
  );
}
