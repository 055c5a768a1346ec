import { useEffect, useState } from 'preact/hooks';
import type { Scene } from '../scene/scene';
import type { Session } from '../state/session';
import { connectParent } from './page/embed';
import { folded, UnfoldButton } from './page/fold';
import { keepLink } from './page/hash';
import { About } from './about/about';
import { keepRecentGenes } from './page/recent_genes';
import { Cite } from './about/cite';
import { Help } from './page/help';
import { listenToKeys } from './page/keys';
import { aroundDrawer, Drawer } from './drawer/drawer';
import { Panel } from './panel/panel';
import { PictureDialog } from './picture/dialog';
import { ForeignDialog } from './sessions/foreign';
import { say, Status } from './page/status';
import { Panels } from './stage/panels/panels';
import { SectionGrid } from './stage/sections/grid';
import { loadOnNeed } from './stage/sections/on_need';
import { Stage } from './stage/stage';

const NO_PICTURE = 'An image shows one section, or all cells: choose “One” or “All” above the panels first.';

/** An open bundle: the panel with the choices, and the stage with the cells. */
export function Viewer({ session }: { session: Session }) {
  const [scene, setScene] = useState<Scene | null>(null);
  const [helping, setHelping] = useState(false);
  const [picturing, setPicturing] = useState(false);
  const [citing, setCiting] = useState(false);
  const [showsAbout, setShowsAbout] = useState(false);

  useEffect(() => {
    document.title = `${session.bundle.title} · KaroSpace`;
    return keepLink(session);
  }, [session]);
  useEffect(() => keepRecentGenes(session), [session]);
  useEffect(() => listenToKeys(session, { help: () => setHelping(true) }), [session]);
  useEffect(() => connectParent(session), [session]);

  useEffect(() => loadOnNeed(session), [session]);

  const isGrid = session.tissue.sections.mode.value === 'grid';
  const around = aroundDrawer(session);
  return (
    <div class={`viewer${folded.value ? ' folded' : ''}${around.class}`} style={around.style}>
      <main class="room">
        <Panels session={session}>
          <div class={isGrid ? 'plane behind' : 'plane'} inert={isGrid}>
            <Stage session={session} scene={scene} onScene={setScene} />
          </div>
          {isGrid && <SectionGrid session={session} />}
        </Panels>
        <UnfoldButton />
        {folded.value && <Status />}
      </main>
      <Panel
        session={session}
        scene={scene}
        onPicture={() => (isGrid ? say(NO_PICTURE) : setPicturing(true))}
        onHelp={() => setHelping(true)}
        onAbout={() => setShowsAbout(true)}
        onCite={() => setCiting(true)}
      />
      <Drawer session={session} />
      {scene && picturing && (
        <PictureDialog session={session} scene={scene} onClose={() => setPicturing(false)} />
      )}
      <ForeignDialog session={session} />
      {helping && <Help session={session} onClose={() => setHelping(false)} />}
      {citing && <Cite bundle={session.bundle} onClose={() => setCiting(false)} />}
      {showsAbout && <About bundle={session.bundle} onClose={() => setShowsAbout(false)} />}
    </div>
  );
}
