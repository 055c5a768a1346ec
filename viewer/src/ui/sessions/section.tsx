import { SESSION_ENDING } from '../../state/link/saved/file';
import type { Session } from '../../state/session';
import { Section } from '../panel/controls/section';
import { Icon } from '../widgets/icons';
import { sessionsOf } from './sessions';
import { timeOf } from './time';

/** Saves what is shown, in this browser or as a file, and brings it back. */
export function SessionsSection({ session }: { session: Session }) {
  const sessions = sessionsOf(session);
  const views = sessions.views.value;
  return (
    <Section id="sessions" title="Sessions" isClosed>
      {views === null && (
        <p class="quiet">This browser does not let the page keep anything. A session file holds the same.</p>
      )}
      <div class="buttons">
        <button
          type="button"
          disabled={views === null}
          title="Keep the view, colours, filters, groups and selection in this browser (S)"
          onClick={() => void sessions.keep()}
        >
          Save what I see
        </button>
      </div>
      {views !== null && views.length > 0 && (
        <ul class="groups" aria-label="Saved views">
          {views.map((view) => (
            <li key={view.id}>
              <input
                type="text"
                aria-label={`Name of ${view.name}`}
                title={timeOf(view.at)}
                value={view.name}
                onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
                onChange={(event) => void sessions.rename(view, event.currentTarget.value)}
              />
              <button
                type="button"
                class="text"
                aria-label={`Restore ${view.name}`}
                onClick={() => void sessions.restore(view)}
              >
                Restore
              </button>
              <button
                type="button"
                class="text remove"
                aria-label={`Forget ${view.name}`}
                title="Remove this view from the browser"
                onClick={() => void sessions.forget(view)}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="buttons">
        <button
          type="button"
          title={`A file for you and for others, ${SESSION_ENDING}`}
          onClick={() => void sessions.saveFile()}
        >
          <Icon name="download" /> Session file
        </button>
        <label class="button import">
          Open
          <input
            type="file"
            accept=".json,application/json"
            aria-label="Open a session file"
            onChange={(event) => {
              const field = event.currentTarget;
              const file = field.files?.[0];
              if (file) void sessions.openFile(file);
              // So that the same file can be chosen again.
              field.value = '';
            }}
          />
        </label>
      </div>
    </Section>
  );
}
