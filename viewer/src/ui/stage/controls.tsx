import type { Scene } from '../../scene/scene';
import type { Session } from '../../state/session';
import { Icon } from '../icons';

/** Zooming for those without a wheel. */
export function Controls({ session, scene }: { session: Session; scene: Scene }) {
  return (
    <div class="controls" role="group" aria-label="View">
      <button type="button" aria-label="Zoom in" title="Zoom in (+)" onClick={() => scene.zoomBy(0.75)}>
        <Icon name="plus" />
      </button>
      <button type="button" aria-label="Zoom out" title="Zoom out (−)" onClick={() => scene.zoomBy(-0.75)}>
        <Icon name="minus" />
      </button>
      <button
        type="button"
        aria-label="Show all cells"
        title="Show all cells (0)"
        disabled={session.places.moved.value === null}
        onClick={() => session.places.reset()}
      >
        <Icon name="fit" />
      </button>
    </div>
  );
}
