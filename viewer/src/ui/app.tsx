import { dragging } from './drop';
import { phase } from './phase';
import { Asking, Failed, Opening } from './start';
import { Viewer } from './viewer';

export function App() {
  return (
    <>
      <Current />
      {dragging.value && (
        <div class="drop-veil" aria-hidden="true">
          Drop the folder of an export to open it
        </div>
      )}
    </>
  );
}

function Current() {
  const now = phase.value;
  switch (now.is) {
    case 'asking':
      return <Asking />;
    case 'opening':
      return <Opening bundle={now.bundle} session={now.session} />;
    case 'failed':
      return <Failed error={now.error} />;
    case 'open':
      // A bundle that is dropped on an open one begins anew.
      return <Viewer key={now.session} session={now.session} />;
  }
}
