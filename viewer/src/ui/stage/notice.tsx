import type { Signal } from '@preact/signals-core';
import type { Session } from '../../state/session';
import { explain } from '../widgets/explain';
import { Icon } from '../widgets/icons';

/** Errors while the bundle is open, and the parts of a link that the bundle does not have. The cells stay. */
export function Notices({ session }: { session: Session }) {
  return (
    <div class="notices">
      <Notice problem={session.problem} />
      <Notice problem={session.missed} />
    </div>
  );
}

function Notice({ problem }: { problem: Signal<unknown> }) {
  if (problem.value === null) return null;
  const { message, advice } = explain(problem.value);
  return (
    <div class="notice" role="alert">
      <div>
        <p>{message}</p>
        <p class="quiet">{advice}</p>
      </div>
      <button type="button" aria-label="Dismiss" onClick={() => (problem.value = null)}>
        <Icon name="close" />
      </button>
    </div>
  );
}
