import { useMemo, useRef } from 'preact/hooks';
import type { Scene } from '../../scene/scene';
import { formatCounted } from '../../state/texts/format';
import { stageSession } from '../../state/drawing/stage_session';
import type { Session } from '../../state/session';
import { PLOT } from '../page/keys';
import { Caption } from './caption';
import { CurtainLine } from './curtain/line';
import { Labels } from './labels';
import { Notices } from './notice';
import { RegionNames } from './region_names';
import { leave, usePointing } from './plot/pointing';
import { focusPlot, keysOf } from './plot/plot_keys';
import { ScaleBar } from './scale_bar';
import { SectionBar } from './section_bar';
import { onStageKey } from './plot/stage_keys';
import { SectionSwitch } from './sections/switch';
import { Drawing } from './tools/drawing';
import { KeyFrame } from './tools/key_frame';
import { Rail } from './tools/rail';
import { Pin, Tooltip } from './tooltip';
import { TranscriptTip } from './transcript_tip';
import { useScene } from './plot/use_scene';

interface StageProps {
  session: Session;
  scene: Scene | null;
  onScene: (scene: Scene | null) => void;
}

/** The cells, and everything drawn over them. */
export function Stage({ session, scene, onScene }: StageProps) {
  const stage = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = useMemo(() => stageSession(session), [session]);
  useScene(stage, canvas, drawn, onScene);
  const pointing = usePointing({ session, scene, element: stage });
  const { bundle, view } = session;
  return (
    <div
      ref={stage}
      id={session.tissue.sections.mode.value === 'grid' ? undefined : PLOT}
      class="stage"
      tabIndex={0}
      role="application"
      aria-label={`Plot of ${formatCounted(bundle.nCells, 'cell')}. ${keysOf(session, view)}`}
      // For tests: how often the cells were drawn, whether they can be found under the pointer, and whether they move.
      data-drawn={scene?.drawn.value ?? 0}
      data-searchable={scene?.searchable.value ?? false}
      data-moving={scene?.isMoving ?? false}
      onFocusIn={() => focusPlot(session, undefined)}
      onKeyDown={(event) => scene && onStageKey(event, scene, session, view) && leave(session)}
      {...pointing}
    >
      <canvas ref={canvas} />
      {scene && <Marks session={session} scene={scene} />}
      <CurtainLine session={session} />
      <Caption session={session} />
      <SectionSwitch session={session} />
      <ScaleBar view={view} />
      {scene && <Selecting session={session} scene={scene} />}
      <SectionBar session={session} />
      <Notices session={session} />
      {scene && <Rail session={session} scene={scene} />}
      {scene && <Tips session={session} scene={scene} />}
    </div>
  );
}

interface OverProps {
  session: Session;
  scene: Scene;
}

/** Names over the cells, and the ring of the clicked cell. */
function Marks({ session, scene }: OverProps) {
  return (
    <>
      <Labels scene={scene} />
      <RegionNames scene={scene} />
      <Pin session={session} scene={scene} />
    </>
  );
}

/** What is drawn to select cells; the rectangle of the keys on the plot that has the focus only. */
function Selecting({ session, scene }: OverProps) {
  return (
    <>
      <Drawing session={session} scene={scene} />
      {session.panels.focused.value === undefined && <KeyFrame session={session} scene={scene} />}
    </>
  );
}

/** What is said about the cell or the transcript under the pointer. */
function Tips({ session, scene }: OverProps) {
  return (
    <>
      <Tooltip session={session} scene={scene} />
      {session.transcripts.all && <TranscriptTip session={session} scene={scene} />}
    </>
  );
}
