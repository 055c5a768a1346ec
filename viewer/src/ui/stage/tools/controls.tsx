import type { Scene } from '../../../scene/scene';
import type { Session } from '../../../state/session';
import { Icon } from '../../widgets/icons';

/** Buttons for zooming, for people without a wheel. */
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
        disabled={session.view.moved.value === null}
        onClick={() => session.view.reset()}
      >
        <Icon name="fit" />
      </button>
      {session.view.embedding.value?.width === 3 && (
        <button
          type="button"
          aria-label={session.view.flat.value ? 'Show in 3-D' : 'Flatten to the first two axes'}
          title={session.view.flat.value ? 'Show in 3-D (D)' : 'Flatten to the first two axes (D)'}
          onClick={() => session.view.flatten(!session.view.flat.peek())}
        >
          <span class="dims" aria-hidden="true">
            {session.view.flat.value ? '3-D' : '2-D'}
          </span>
        </button>
      )}
    </div>
  );
}
