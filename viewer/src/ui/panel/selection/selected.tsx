import type { Scene } from '../../../scene/scene';
import { paintedColumn, toCsv } from '../../../state/texts/csv';
import { formatCount } from '../../../state/texts/format';
import type { Session } from '../../../state/session';
import { Icon } from '../../icons';
import { fileStem, save } from '../../page/save';
import { Section } from '../controls/section';
import { MoreWays } from './more_ways';

/** Ids that are requested at the same time: each may wait for a part of the list. */
const AT_ONCE = 4096;

/** The selected cells, if there are any. */
export function Selected({ session, scene }: { session: Session; scene: Scene | null }) {
  const { selection, filters } = session;
  const count = selection.count.value;
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
          onClick={() => selection.set(filters.shownCells())}
        >
          All shown
        </button>
        <button
          type="button"
          title="Select the shown cells that are not selected"
          onClick={() => selection.invert(filters)}
        >
          Invert
        </button>
        <button type="button" disabled={count === 0} onClick={() => selection.clear()}>
          Clear
        </button>
        <button type="button" disabled={count === 0} onClick={() => void saveCells(session)}>
          <Icon name="download" /> CSV
        </button>
      </div>
      <MoreWays session={session} scene={scene} />
    </Section>
  );
}

/** Saves the names of the selected cells, and the values of the column or gene that colours them. */
async function saveCells(session: Session): Promise<void> {
  const { bundle, selection, colouring } = session;
  const cells = selection.cells.peek();
  const { paint, label } = colouring.current.peek();
  const values = paintedColumn(paint, label, cells);
  await session.during('ids', 'Loading the names of the cells', async () => {
    const ids: string[] = [];
    for (let start = 0; start < cells.length; start += AT_ONCE) {
      const some = Array.from(cells.subarray(start, start + AT_ONCE), (cell) => bundle.ids.get(cell));
      ids.push(...(await Promise.all(some)).map((id) => id ?? ''));
    }
    const columns = [{ header: 'cell_id', texts: ids }, ...(values ? [values] : [])];
    save(new Blob([toCsv(columns)], { type: 'text/csv' }), `${fileStem(bundle.name)}_selection.csv`);
  });
}
