import { useState } from 'preact/hooks';
import type { Session } from '../../state/session';
import { Icon } from '../widgets/icons';
import { sessionsOf } from './sessions';
import { timeOf } from './time';

/** A view of an earlier visit, or else what a newcomer should know. */
export function Greeting({ session }: { session: Session }) {
  return (
    <>
      <Offer session={session} />
      <Hint hasGenes={session.bundle.nGenes > 0} hasOthers={session.bundle.embeddings.length > 1} />
    </>
  );
}

function Offer({ session }: { session: Session }) {
  const sessions = sessionsOf(session);
  const view = sessions.offered.value;
  if (!view) return null;
  return (
    <div class="greeting" role="status">
      <p>
        Your saved view “{view.name}” of {timeOf(view.at)} is here:{' '}
        <button type="button" class="text" onClick={() => void sessions.restore(view)}>
          Restore
        </button>{' '}
        <button type="button" class="text" onClick={() => void sessions.forget(view)}>
          Forget
        </button>
      </p>
      <Close label="Not now" onClick={() => (sessions.offered.value = null)} />
    </div>
  );
}

const KEY = 'karospace-hint';
const SEEN = 'seen';

/** Three sentences for the first visit, not in the frame of another page. */
function Hint({ hasGenes, hasOthers }: { hasGenes: boolean; hasOthers: boolean }) {
  const [shows, setShows] = useState(isNew);
  if (!shows) return null;
  return (
    <div class="greeting" role="note" aria-label="First steps">
      <p>
        Colour the cells by {hasGenes && 'a gene or '}an annotation just below. Select cells with the lasso
        beside them, or a name in the legend. Plots and tables open from this panel in a drawer;{' '}
        {hasOthers && 'W shows another embedding beside this one; '}? lists all keys.
      </p>
      <Close label="Hide the first steps" onClick={() => setShows(false)} />
    </div>
  );
}

function Close({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <button type="button" class="text" aria-label={label} title={label} onClick={onClick}>
      <Icon name="close" />
    </button>
  );
}

/** Whether this browser has not shown the hint yet, which counts as shown from now on. */
function isNew(): boolean {
  if (window.parent !== window) return false;
  try {
    if (localStorage.getItem(KEY) === SEEN) return false;
    localStorage.setItem(KEY, SEEN);
    return true;
  } catch {
    // Without storage, it would come back with every visit.
    return false;
  }
}
