import { Agreeing } from './agreeing';
import { dragging } from './drop';
import { DataSets, ListBar } from './list';
import { list, phase } from './phase';
import { Asking, Failed, Opening } from './start';
import { Viewer } from './viewer';

export function App() {
  return (
    <>
      <Current />
      {dragging.value && (
        <div class="drop-veil" aria-hidden="true">
          Drop the folder of an export, or a .zip of it, to open it
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
    case 'agreeing':
      return <Agreeing url={now.url} />;
    case 'failed':
      return <Failed error={now.error} />;
    case 'choosing':
      return <DataSets catalog={now.catalog} />;
    case 'open': {
      // A bundle that is dropped on an open one begins anew.
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
