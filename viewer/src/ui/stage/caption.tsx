import { formatCount } from '../../state/format';
import type { Session } from '../../state/session';

/** Names what is shown and what is being loaded. */
export function Caption({ session }: { session: Session }) {
  const { bundle, busy, filters, colouring, view } = session;
  const { label } = colouring.current.value;
  return (
    <p class="caption" role="status">
      {label && <strong title={label}>{label}</strong>}
      <span>
        {filters.nShown.value === bundle.nCells
          ? `${formatCount(bundle.nCells)} cells`
          : `${formatCount(filters.nShown.value)} of ${formatCount(bundle.nCells)} cells`}
      </span>
      {view.embedding.value?.info.dims === 1 && (
        <span title="A line is given a second axis, so that cells do not hide each other: a fixed number of each cell, times how many lie there.">
          across the line: spread, not data
        </span>
      )}
      {busy.value && (
        <span class="busy" title={busy.value}>
          {busy.value}…
        </span>
      )}
    </p>
  );
}
