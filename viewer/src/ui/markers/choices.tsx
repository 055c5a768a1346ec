import { groupingName } from '../../state/markers/facts';
import type { Session } from '../../state/session';

/** The choice of the column whose groups are compared; nothing if there is only one. */
export function GroupingChoice({ session }: { session: Session }) {
  const { markers } = session;
  const groupings = [...markers.statistics!.groupings.entries()].filter(([, each]) => !each.isBesideMarkers);
  if (groupings.length < 2) return null;
  return (
    <label class="field">
      <span>Groups of</span>
      <select
        value={String(markers.chosen.value.grouping)}
        onChange={(event) => markers.choose(Number(event.currentTarget.value))}
      >
        {groupings.map(([index, each]) => (
          <option key={index} value={index}>
            {groupingName(each)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The choice of a group. */
export function GroupChoice({ session }: { session: Session }) {
  const { markers } = session;
  const { grouping, group } = markers.chosen.value;
  const { categories, ranked, column } = markers.statistics!.groupings[grouping];
  const isCompared = markers.isRanked(grouping);
  return (
    <label class="field">
      <span>{column === '' ? 'Group' : `Group of ${column}`}</span>
      <select
        value={String(group)}
        onChange={(event) => markers.choose(grouping, Number(event.currentTarget.value))}
      >
        {categories.map((name, index) => (
          <option key={index} value={index}>
            {isCompared && !ranked.has(index) ? `${name} (not compared)` : name}
          </option>
        ))}
      </select>
    </label>
  );
}
