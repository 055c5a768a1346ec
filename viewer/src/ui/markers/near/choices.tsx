import type { NearLook } from '../../../state/markers/near/near';
import type { Session } from '../../../state/session';

const LOOKS: readonly (readonly [NearLook, string])[] = [
  ['matrix', 'Matrix'],
  ['list', 'Table'],
  ['lines', 'By distance'],
];

/** The column, how its groups are shown, and the group whose distances are drawn. */
export function NearChoices({ session }: { session: Session }) {
  const { near } = session.markers;
  const { groupings } = near.neighbourhoods!;
  const { categories, column, distances } = session.categories.withShownNames(groupings[near.chosen.value]);
  const look = near.shown.value;
  return (
    <div class="drawer-choices near-choices">
      {groupings.length > 1 && (
        <label class="field">
          <span>Groups of</span>
          <select
            value={String(near.chosen.value)}
            onChange={(event) => near.choose(Number(event.currentTarget.value))}
          >
            {groupings.map((each, index) => (
              <option key={index} value={index}>
                {each.column}
              </option>
            ))}
          </select>
        </label>
      )}
      <div class="buttons" role="group" aria-label="How neighbours are shown">
        {LOOKS.filter(([each]) => each !== 'lines' || distances.length > 0).map(([each, name]) => (
          <button
            key={each}
            type="button"
            aria-pressed={each === look}
            onClick={() => (near.look.value = each)}
          >
            {name}
          </button>
        ))}
      </div>
      {look === 'lines' && (
        <label class="field">
          <span>Around {column}</span>
          <select
            value={String(near.group.value)}
            onChange={(event) => (near.group.value = Number(event.currentTarget.value))}
          >
            {categories.map((name, index) => (
              <option key={index} value={index}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
}
