import { useMemo } from 'preact/hooks';
import type { LabelCounts } from '../../../scene/labels/category_labels';
import type { Scene } from '../../../scene/scene';
import { formatCount } from '../../../state/texts/format';
import type { Session } from '../../../state/session';
import { ColumnField } from '../controls/column_field';
import { Toggle } from '../controls/toggle';

/** Shows names of categories over the cells, of a chosen column. Nothing if no column has categories. */
export function CategoryNames({ session, scene }: { session: Session; scene: Scene | null }) {
  const { columns } = session.bundle;
  const { names, colouring } = session;
  const usable = useMemo(
    () => [...columns.keys()].filter((index) => ['category', 'bool'].includes(columns[index].kind)),
    [columns],
  );
  if (usable.length === 0) return null;
  const last = colouring.lastCategories.value;
  return (
    <>
      <Toggle label="Names of the categories" value={names.on} />
      {names.on.value && (
        <>
          <ColumnField
            id="names-field"
            label="Named column"
            columns={columns}
            offered={usable}
            chosen={names.column.value}
            nothing={last ? `As coloured (${columns[last.column].name})` : 'As coloured'}
            whyDisabled={() => null}
            onChoose={(column) => void session.nameCategories(column)}
          />
          <p class="quiet names-count">
            {names.column.value === null && !last
              ? 'Colour by a categorical column first, or choose one here.'
              : scene && countsText(scene.labelCounts)}
          </p>
        </>
      )}
    </>
  );
}

function countsText({ shown, leftOut, more }: LabelCounts): string | null {
  const sentences: string[] = [];
  if (leftOut.value > 0) {
    const all = formatCount(shown.value + leftOut.value);
    sentences.push(
      `${formatCount(leftOut.value)} of ${all} names are left out for lack of room: ` +
        'larger categories come first. Zoom in to see the others.',
    );
  }
  if (more.value > 0)
    sentences.push(`${formatCount(more.value)} smaller categories are not named: filter to see them.`);
  return sentences.join(' ') || null;
}
