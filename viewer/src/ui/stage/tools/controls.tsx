import type { Scene } from '../../../scene/scene';
import type { Session } from '../../../state/session';
import { contentName } from '../../../state/view/linked/content';
import { toggleBeside } from '../../page/keys';
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
      <BesideButton session={session} />
    </div>
  );
}

/** Another embedding or section beside what is on the stage: one click. */
function BesideButton({ session }: { session: Session }) {
  const { panels, bundle } = session;
  const { beside } = panels;
  if (beside === null) return null;
  const isOpen = panels.list.value.length > 0;
  const title = isOpen ? 'Close the panels beside' : `${contentName(bundle, beside)} beside this`;
  return (
    <button
      type="button"
      aria-label={title}
      title={`${title} (W)`}
      aria-pressed={isOpen}
      onClick={() => toggleBeside(session)}
    >
      <Icon name="beside" />
    </button>
  );
}
