import { formatCount } from '../../../state/texts/format';
import type { Session } from '../../../state/session';
import { embeddingNames } from '../../../state/view/embedding_names';

/** The choice of the embedding and of its dimensions, if there is one. */
export function Embeddings({ session }: { session: Session }) {
  const deep = session.view.embedding.value?.width === 3;
  const several = session.bundle.embeddings.length > 1;
  if (!several && !deep) return null;
  return (
    <div class="part" role="group" aria-labelledby="embeddings-title">
      <h3 id="embeddings-title">Layout</h3>
      {several && <Choice session={session} />}
      {deep && <Depth session={session} />}
    </div>
  );
}

/** The number of cells that are not drawn because they have no coordinates in the embedding. */
export function WithoutCoordinates({ session }: { session: Session }) {
  const n = session.view.nWithoutCoordinates.value;
  if (n === 0) return null;
  const { nCells, embeddings } = session.bundle;
  const others = embeddings.length > 1 ? ' Choose another embedding under View.' : '';
  return (
    <p class="note">
      {n === nCells
        ? `No cell has coordinates in this embedding, so nothing is drawn.${others}`
        : `${formatCount(n)} of ${formatCount(nCells)} cells ${n === 1 ? 'has no coordinates in this embedding and is' : 'have no coordinates in this embedding and are'} not drawn.`}
    </p>
  );
}

function Choice({ session }: { session: Session }) {
  const { embeddings } = session.bundle;
  const names = embeddingNames(embeddings);
  const wanted = session.view.wanted.value;
  return (
    <label class="field">
      <span>Embedding</span>
      <select
        value={wanted}
        title={embeddings[wanted]?.source}
        onChange={(event) => void session.changeEmbedding(Number(event.currentTarget.value))}
      >
        {embeddings.map(({ source, dims }, index) => (
          <option key={index} value={index} title={source}>
            {dims === 2 || names[index].includes(`${dims}-D`) ? names[index] : `${names[index]} (${dims}-D)`}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The choice between all three axes and the first two. */
function Depth({ session }: { session: Session }) {
  const { view } = session;
  return (
    <div class="buttons" role="group" aria-label="Dimensions">
      {[true, false].map((flat) => (
        <button
          key={String(flat)}
          type="button"
          aria-pressed={view.flat.value === flat}
          title={flat ? 'The first two of three axes' : 'All three axes: drag to rotate'}
          onClick={() => view.flatten(flat)}
        >
          {flat ? '2-D' : '3-D'}
        </button>
      ))}
    </div>
  );
}
