import type { Session } from '../../state/session';
import { explain } from '../explain';
import { Icon } from '../icons';

/** An error while the bundle is open. The cells stay as they were. */
export function Notice({ session }: { session: Session }) {
  const problem = session.problem.value;
  if (problem === null) return null;
  const { message, advice } = explain(problem);
  return (
    <div class="notice" role="alert">
      <div>
        <p>{message}</p>
        <p class="quiet">{advice}</p>
      </div>
      <button type="button" aria-label="Dismiss" onClick={() => (session.problem.value = null)}>
        <Icon name="close" />
      </button>
    </div>
  );
}
