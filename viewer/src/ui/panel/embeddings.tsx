import type { Session } from '../../state/session';

/** Where the cells lie, where there is a choice. */
export function Embeddings({ session }: { session: Session }) {
  const { embeddings } = session.bundle;
  if (embeddings.length < 2) return null;
  return (
    <section>
      <h2>Layout</h2>
      <label class="field">
        <span>Embedding</span>
        <select
          value={session.places.wanted.value}
          onChange={(event) => void session.choosePlace(Number(event.currentTarget.value))}
        >
          {embeddings.map(({ label, dims }, index) => (
            <option key={index} value={index}>
              {dims === 3 ? `${label} (first two of three axes)` : label}
            </option>
          ))}
        </select>
      </label>
    </section>
  );
}
