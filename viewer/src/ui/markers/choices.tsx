import { groupingName } from '../../state/markers/facts';
import type { Session } from '../../state/session';

/** The choice of the column whose groups are compared; nothing if there is only one. */
export function GroupingChoice({ session }: { session: Session }) {
  const { markers } = session;
  const names = [...markers.statistics!.groupings.entries()]
    .filter(([, each]) => !each.isBesideMarkers)
    .map(([index, each]) => [index, groupingName(each)] as const);
  return <Names names={names} value={markers.chosen.value.grouping} onChoose={(to) => markers.choose(to)} />;
}

/** The choice of the column whose tables are shown: markers of the file are no entries of their own. */
export function TablesChoice({ session }: { session: Session }) {
  const { markers } = session;
  const { groupings } = markers.statistics!;
  const { grouping } = markers.chosen.value;
  const shown = markers.tables.value ?? grouping;
  const names = [...groupings.entries()]
    .filter(([index, { tables }]) => tables === index || index === shown)
    .map(([index, each]) => [index, groupingName(each)] as const);
  // Of one column, markers of the file come first.
  const choose = (to: number) => markers.choose(groupings.findIndex(({ tables }) => tables === to));
  return <Names names={names} value={shown} onChoose={choose} />;
}

interface NamesProps {
  /** Numbers and names of groupings. */
  names: readonly (readonly [number, string])[];
  value: number;
  onChoose: (grouping: number) => void;
}

function Names({ names, value, onChoose }: NamesProps) {
  if (names.length < 2) return null;
  return (
    <label class="field groupings">
      <span>Groups of</span>
      <select
        value={String(value)}
        title={names.find(([index]) => index === value)?.[1]}
        onChange={(event) => onChoose(Number(event.currentTarget.value))}
      >
        {names.map(([index, name]) => (
          <option key={index} value={index}>
            {name}
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
  const { categories, ranked, column } = session.categories.withShownNames(
    markers.statistics!.groupings[grouping],
  );
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
