import type { Session } from '../../../state/session';
import { canLink } from '../../../state/view/linked/cameras';
import { contentName, contentsOf, type Content } from '../../../state/view/linked/content';
import type { SidePanel } from '../../../state/view/linked/side_panel';
import { viewsOf } from '../../drawer/views';
import { leaveForPlot } from '../../page/keys';
import { Icon } from '../../widgets/icons';

/** What a panel shows, as a choice, and its buttons. */
export function SideHeader({ session, panel }: { session: Session; panel: SidePanel }) {
  const { bundle, view: stage, panels } = session;
  const plots = viewsOf(session).map(({ id }): Content => ({ kind: 'plot', view: id }));
  const contents = [...contentsOf(bundle), ...plots];
  const shown = contents.findIndex((each) => isSame(each, panel.content.value));
  const others = panels.list.value.filter((each) => each !== panel);
  const group = (kind: Content['kind'], label: string) => {
    const options = contents.map((each, at) => (
      // A plot is in one panel.
      <option
        key={at}
        value={at}
        disabled={each.kind === 'plot' && others.some(({ plot }) => plot === each.view)}
      >
        {contentName(bundle, each)}
      </option>
    ));
    const some = options.filter((_, at) => contents[at].kind === kind);
    return some.length > 0 && <optgroup label={label}>{some}</optgroup>;
  };
  const isLinked = panel.isLinked.value;
  return (
    <header>
      <select
        aria-label={`What panel ${panel.number} shows`}
        value={shown}
        onChange={(event) => void panels.show(panel, contents[Number(event.currentTarget.value)])}
      >
        {group('embedding', 'Embeddings')}
        {group('section', 'Sections')}
        {group('plot', 'Plots and tables')}
      </select>
      {canLink(stage, panels.list.value, panel) && (
        <button
          type="button"
          aria-label="Move with the others"
          title={isLinked ? 'Moves with the plots of the same coordinates' : 'Moves alone'}
          aria-pressed={isLinked}
          onClick={() => (panel.isLinked.value = !isLinked)}
        >
          <Icon name="link" />
        </button>
      )}
      {panel.plot === null && panel.view.embedding.value?.width === 3 && (
        <button
          type="button"
          class="dims"
          aria-label={panel.view.flat.value ? 'Show in 3-D' : 'Flatten to the first two axes'}
          title={panel.view.flat.value ? 'Show in 3-D' : 'Flatten to the first two axes'}
          onClick={() => panel.view.flatten(!panel.view.flat.peek())}
        >
          {panel.view.flat.value ? '3-D' : '2-D'}
        </button>
      )}
      {panel.plot === null && (
        <button
          type="button"
          aria-label="Show all cells of the panel"
          title="Show all cells (0)"
          disabled={panel.view.moved.value === null}
          onClick={() => panel.view.reset()}
        >
          <Icon name="fit" />
        </button>
      )}
      <button
        type="button"
        aria-label="Close the panel"
        title={panel.plot === null ? 'Close' : 'Close (Esc)'}
        onClick={() => closePanel(session, panel)}
      >
        <Icon name="close" />
      </button>
    </header>
  );
}

/** Closes a panel. The keys then lead to the stage. */
export function closePanel({ panels }: Session, panel: SidePanel): void {
  panels.close(panel);
  leaveForPlot();
}

function isSame(one: Content, other: Content): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
