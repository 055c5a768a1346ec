import { useMemo } from 'preact/hooks';
import { countHidden } from '../../../state/selection/group_paint';
import type { CategoryPaint } from '../../../state/colouring/paint';
import { countShown } from '../../../state/lists/shown_counts';
import { formatCount, formatCounted } from '../../../state/texts/format';
import type { Session } from '../../../state/session';

/** The colours of the user's groups, and how many shown cells have each. */
export function GroupsLegend({ session, paint }: { session: Session; paint: CategoryPaint }) {
  const mask = session.drawn.mask.value;
  const { counts, nMissing } = useMemo(() => countShown(paint, mask), [paint, mask]);
  const nHidden = countHidden(session.groups.list.value, paint);
  return (
    <>
      <ul class="groups-legend" aria-label="Groups by colour">
        {paint.labels.map((label, code) => (
          <li key={label} title={label}>
            <span class="swatch" style={{ backgroundColor: paint.colors?.[code] }} />
            <span class="name">{label}</span>
            <span class="count">{formatCount(counts[code])}</span>
          </li>
        ))}
        <li>
          <span class="swatch" />
          <span class="name quiet">in no group</span>
          <span class="count">{formatCount(nMissing)}</span>
        </li>
      </ul>
      {nHidden > 0 && (
        <p class="quiet colors-note">
          Cells in several groups have the colour of the last: {formatCounted(nHidden, 'membership')} of an
          earlier group {nHidden === 1 ? 'is' : 'are'} not seen.
        </p>
      )}
    </>
  );
}
