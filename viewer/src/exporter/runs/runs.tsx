import { isActive } from '../model/runs';
import { start } from '../state';
import { allowNotices, notifying, runs } from './run_state';
import { RunCard } from './run_card';

/** Running, queued and finished runs, the latest first. */
export function Runs() {
  const all = runs.value;
  if (all.length === 0) return null;
  const active = all.some(isActive);
  return (
    <section class="part runs" aria-labelledby="runs-title">
      <h2 id="runs-title">Exports</h2>
      {active && (
        <p class="hint">
          You can close this page: exports continue as long as the exporter runs on {start.value?.machine}.{' '}
          {!notifying.value && 'Notification' in window && Notification.permission === 'default' && (
            <button type="button" class="button text" onClick={() => void allowNotices()}>
              Notify me when done
            </button>
          )}
        </p>
      )}
      <ul>
        {[...all].reverse().map((run) => (
          <li key={run.id}>
            <RunCard run={run} />
          </li>
        ))}
      </ul>
    </section>
  );
}
