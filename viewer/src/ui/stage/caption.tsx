import { cellsText } from '../../state/texts/cells_text';
import { formatCount } from '../../state/texts/format';
import type { Session } from '../../state/session';
import { embeddingNames } from '../../state/view/embedding_names';

/** Names what is shown and what is being loaded. */
export function Caption({ session }: { session: Session }) {
  const { bundle, busy, colouring, view, selection } = session;
  const { label } = colouring.current.value;
  const embedding = view.embedding.value;
  return (
    <p class="caption" role="status">
      {label && <strong title={label}>{label}</strong>}
      <span>{cellsText(session)}</span>
      {selection.count.value > 0 && <span>{formatCount(selection.count.value)} selected</span>}
      {embedding && <span class="where">{embeddingNames(bundle.embeddings)[embedding.index]}</span>}
      {embedding?.info.dims === 1 && (
        <span title="A second axis keeps the cells on a line from hiding each other: a fixed number for each cell, times the number of cells there.">
          second axis: jitter, not data
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
