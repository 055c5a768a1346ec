import type { Session } from '../../../state/session';
import { canLink } from '../../../state/view/linked/cameras';
import { contentName, contentsOf, type Content } from '../../../state/view/linked/content';
import type { SidePanel } from '../../../state/view/linked/side_panel';
import { Icon } from '../../widgets/icons';

/** What a panel shows, as a choice, and its buttons. */
export function SideHeader({ session, panel }: { session: Session; panel: SidePanel }) {
  const { bundle, view: stage, panels } = session;
  const contents = contentsOf(bundle);
  const shown = contents.findIndex((each) => isSame(each, panel.content.value));
  const sections = contents.flatMap((each, at) => (each.kind === 'section' ? [at] : []));
  const option = (at: number) => (
    <option key={at} value={at}>
      {contentName(bundle, contents[at])}
    </option>
  );
  const isLinked = panel.isLinked.value;
  return (
    <header>
      <select
        aria-label={`What panel ${panel.number} shows`}
        value={shown}
        onChange={(event) => void panel.show(contents[Number(event.currentTarget.value)])}
      >
        <optgroup label="Embeddings">
          {contents.flatMap((each, at) => (each.kind === 'embedding' ? [option(at)] : []))}
        </optgroup>
        {sections.length > 0 && <optgroup label="Sections">{sections.map(option)}</optgroup>}
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
      {panel.view.embedding.value?.width === 3 && (
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
      <button
        type="button"
        aria-label="Show all cells of the panel"
        title="Show all cells (0)"
        disabled={panel.view.moved.value === null}
        onClick={() => panel.view.reset()}
      >
        <Icon name="fit" />
      </button>
      <button type="button" aria-label="Close the panel" title="Close" onClick={() => panels.close(panel)}>
        <Icon name="close" />
      </button>
    </header>
  );
}

function isSame(one: Content, other: Content): boolean {
  if (one.kind === 'embedding') return other.kind === 'embedding' && one.embedding === other.embedding;
  return other.kind === 'section' && one.section === other.section;
}
