import { computed } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { Scene } from '../../../scene/scene';
import { textOfSelected } from '../../../state/link/cells';
import { namesOf } from '../../../state/selection/by_name';
import { inSourceOrder } from '../../../state/selection/source_order';
import { paintedColumns, toCsv } from '../../../state/texts/csv';
import { formatCount } from '../../../state/texts/format';
import type { Session } from '../../../state/session';
import { Icon } from '../../widgets/icons';
import { fileStem, save } from '../../page/save';
import { openDrawer } from '../../drawer/open';
import { openSection, Section } from '../controls/section';
import { MoreWays } from './more_ways';

/** The selected cells, if there are any. */
export function Selected({ session, scene }: { session: Session; scene: Scene | null }) {
  const { selection, drawn } = session;
  const count = selection.count.value;
  const isLinked = useMemo(() => computed(() => textOfSelected(session) !== null), [session]).value;
  return (
    <Section id="selection" title="Selection">
      <p class="quiet selection-count">
        {count === 0
          ? 'No cells are selected.'
          : `${formatCount(count)} ${count === 1 ? 'cell is' : 'cells are'} selected.`}
      </p>
      <div class="buttons">
        <button
          type="button"
          title="Select all cells that the filters show"
          onClick={() => selection.set(drawn.shownCells())}
        >
          All shown
        </button>
        <button
          type="button"
          title="Select the shown cells that are not selected"
          onClick={() => selection.invert(drawn)}
        >
          Invert
        </button>
        <button type="button" disabled={count === 0} onClick={() => selection.clear()}>
          Clear
        </button>
        <button type="button" disabled={count === 0} onClick={() => void saveCells(session)}>
          <Icon name="download" /> CSV
        </button>
        <button type="button" disabled={count === 0} onClick={() => saveAsGroup(session)}>
          Save as group
        </button>
        {session.bundle.nGenes > 0 && (
          <button
            type="button"
            disabled={count === 0}
            onClick={() => {
              session.compare.sides.value = [{ is: 'selection' }, { is: 'rest' }];
              openDrawer(session, 'compare');
            }}
          >
            Compare with the rest
          </button>
        )}
      </div>
      {selection.region.value && (
        <p class="quiet">As a group they keep the outline that was drawn around them.</p>
      )}
      {!isLinked && (
        <p class="quiet">They are too many for a link: save them as a group, and that as a file.</p>
      )}
      <MoreWays session={session} scene={scene} />
    </Section>
  );
}

/** Makes a group of the selected cells, and leads to its name. */
function saveAsGroup({ groups, selection }: Session): void {
  const name = groups.freeName.peek();
  const region = selection.region.peek();
  groups.put({
    name,
    color: groups.freeColor.peek(),
    cells: selection.cells.peek(),
    ...(region && { region }),
  });
  openSection('groups');
  requestAnimationFrame(() => {
    const fields = document.querySelectorAll<HTMLInputElement>('.groups input[type="text"]');
    const field = [...fields].find(({ value }) => value === name);
    field?.focus();
    field?.select();
  });
}

/** Saves the names of the selected cells, and the values of the column or gene that colours them. */
async function saveCells(session: Session): Promise<void> {
  const { bundle, selection, colouring } = session;
  const selected = selection.cells.peek();
  const [{ paint, label }, labels] = [colouring.current.peek(), colouring.labels.peek()];
  await session.during('ids', 'Loading the names of the cells', async () => {
    const cells = await inSourceOrder(bundle, selected);
    const values = paintedColumns(paint, label, labels, cells);
    const ids = await namesOf(bundle.ids, cells);
    const columns = [{ header: 'cell_id', texts: ids }, ...values];
    save(new Blob([toCsv(columns)], { type: 'text/csv' }), `${fileStem(bundle.name)}_selection.csv`);
  });
}
