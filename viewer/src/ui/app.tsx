import { HostConsent } from './start/host_consent';
import { dragging } from './start/drop';
import { DataSets, ListBar } from './start/data_sets';
import { list, phase } from './start/phase';
import { Asking, Failed, Opening } from './start/start';
import { Viewer } from './viewer';

export function App() {
  return (
    <>
      <Current />
      {dragging.value && (
        <div class="drop-veil" aria-hidden="true">
          Drop the folder of an export, a .zip of it, or a session file, to open it
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
    case 'unseen-host':
      return <HostConsent url={now.url} />;
    case 'failed':
      return <Failed error={now.error} />;
    case 'choosing':
      return <DataSets catalog={now.catalog} />;
    case 'open': {
      // A bundle dropped on an open one starts from a fresh state.
      const viewer = <Viewer key={now.session} session={now.session} />;
      if (!list.value || list.value.datasets.length === 1) return viewer;
      return (
        <div class="listed">
          <ListBar catalog={list.value} />
          {viewer}
        </div>
      );
    }
  }
}
