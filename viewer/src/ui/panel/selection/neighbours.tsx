import { useState } from 'preact/hooks';
import { MOST_HOPS } from '../../../scene/edges/grow';
import type { Scene } from '../../../scene/scene';
import type { Mode } from '../../../state/selection/sets';
import type { Session } from '../../../state/session';

const HOPS = Array.from({ length: MOST_HOPS }, (_, at) => at + 1);

/** Grows the selection along the edges of the neighbour graph. */
export function Neighbours({ session, scene }: { session: Session; scene: Scene | null }) {
  const [hops, setHops] = useState(1);
  const { selection, bundle } = session;
  const isOff = scene === null || selection.count.value === 0;
  const grow = (mode: Mode) =>
    session.during('edges', 'Looking for neighbours', async () => {
      const found = await scene!.neighboursOf(selection.cells.peek(), hops);
      if (found) selection.apply(mode, found);
    });
  return (
    <div class="by-value" role="group" aria-label="Neighbours of the selection">
      <label class="field">
        <span>Shown cells in {bundle.graph?.label} that are away from the selection by at most</span>
        <select value={hops} onChange={(event) => setHops(Number(event.currentTarget.value))}>
          {HOPS.map((each) => (
            <option key={each} value={each}>
              {each === 1 ? '1 edge' : `${each} edges`}
            </option>
          ))}
        </select>
      </label>
      <div class="buttons">
        <button type="button" disabled={isOff} onClick={() => void grow('add')}>
          Add neighbours
        </button>
        <button type="button" disabled={isOff} onClick={() => void grow('replace')}>
          Only neighbours
        </button>
      </div>
      {isOff && <p class="quiet">Select cells first.</p>}
    </div>
  );
}
