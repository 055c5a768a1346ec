import { useEffect, useRef, useState } from 'preact/hooks';
import type { Scene } from '../../../scene/scene';
import type { ViewId } from '../../../state/plots/drawer';
import type { Session } from '../../../state/session';
import { contentName } from '../../../state/view/linked/content';
import type { SidePanel } from '../../../state/view/linked/side_panel';
import { viewsOf } from '../../drawer/views';
import { Labels } from '../labels';
import { leave, usePointing } from '../plot/pointing';
import { ScaleBar } from '../scale_bar';
import { focusPlot, keysOf } from '../plot/plot_keys';
import { onStageKey } from '../plot/stage_keys';
import { Drawing } from '../tools/drawing';
import { KeyFrame } from '../tools/key_frame';
import { Pin, Tooltip } from '../tooltip';
import { useScene } from '../plot/use_scene';
import { closePanel, SideHeader } from './side_header';

interface SideProps {
  session: Session;
  panel: SidePanel;
  weight: number;
}

/** A panel beside the stage: the same cells elsewhere, or a plot of them. */
export function Side({ session, panel, weight }: SideProps) {
  const { plot } = panel;
  const name = contentName(session.bundle, panel.content.value);
  return (
    <section class="side" style={{ flexGrow: weight }} aria-label={`Panel ${panel.number}: ${name}`}>
      <SideHeader session={session} panel={panel} />
      {plot === null ? (
        <SideCells session={session} panel={panel} name={name} />
      ) : (
        <SideView session={session} panel={panel} plot={plot} />
      )}
    </section>
  );
}

/** A plot or table, as the drawer shows it. */
function SideView({ session, panel, plot }: { session: Session; panel: SidePanel; plot: ViewId }) {
  const { View } = viewsOf(session).find(({ id }) => id === plot)!;
  return (
    <div
      class="side-view drawer-view"
      onKeyDown={(event) => {
        // What is being typed is not lost.
        if (event.key !== 'Escape' || event.target instanceof HTMLTextAreaElement) return;
        event.stopPropagation();
        closePanel(session, panel);
      }}
    >
      <View key={plot} session={session} />
    </div>
  );
}

function SideCells({ session, panel, name }: { session: Session; panel: SidePanel; name: string }) {
  const [scene, setScene] = useState<Scene | null>(null);
  const plot = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  useScene(plot, canvas, panel.scene, setScene);
  // At once, since browsers allow few contexts, and free them late.
  useEffect(() => {
    const own = canvas.current!;
    return () => own.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext();
  }, []);
  const pointing = usePointing({ session, scene, element: plot, panel: panel.number });
  const { view } = panel;
  const isFocused = session.panels.focused.value === panel.number;
  return (
    <div
      ref={plot}
      class="side-plot"
      tabIndex={0}
      role="application"
      aria-label={`${name}. ${keysOf(session, view)}`}
      data-drawn={scene?.drawn.value ?? 0}
      data-searchable={scene?.searchable.value ?? false}
      onFocusIn={() => focusPlot(session, panel.number)}
      onKeyDown={(event) => scene && onStageKey(event, scene, session, view) && leave(session)}
      {...pointing}
    >
      <canvas ref={canvas} />
      {scene && <Labels scene={scene} />}
      {scene && <Pin session={session} scene={scene} panel={panel} />}
      <ScaleBar view={view} />
      {scene && <Drawing session={session} scene={scene} />}
      {scene && isFocused && <KeyFrame session={session} scene={scene} />}
      {scene && <Tooltip session={session} scene={scene} panel={panel} />}
    </div>
  );
}
