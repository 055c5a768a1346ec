import type { Scene } from '../../scene/scene';
import { formatCounted } from '../../state/texts/format';
import type { Session } from '../../state/session';
import { AboutButton } from '../about/about';
import { CiteButton } from '../about/cite';
import { Breakable } from '../widgets/breakable';
import { FoldButton, folded } from '../page/fold';
import { ColourBy } from './colour/colour_by';
import { Beside } from './drawing/beside';
import { Embeddings, WithoutCoordinates } from './drawing/embeddings';
import { Filter } from './filter/filter';
import { Footer } from './footer';
import { Hover } from './hover';
import { LeftOut } from './notes/left_out';
import { LoadingsSection } from '../markers/loadings';
import { GeneLists } from './genes/gene_lists';
import { Transcripts } from './genes/transcripts';
import { BlendLegend } from './legend/blend';
import { Legend } from './legend/legend';
import { Markers } from './markers';
import { Notes } from './notes/notes';
import { Plots } from './plots';
import { Look } from './drawing/look';
import { ColourRange } from './numbers/colour_range';
import { Overlays } from './drawing/overlays';
import { ShapeControls } from './drawing/shapes';
import { Section } from './controls/section';
import { GroupList } from './selection/groups';
import { GroupsLegend } from './selection/groups_legend';
import { SlidesSection } from './slides/slides';
import { SessionsSection } from '../sessions/section';
import { Greeting } from '../sessions/greeting';
import { Selected } from './selection/selected';

interface PanelProps {
  session: Session;
  scene: Scene | null;
  onPicture: () => void;
  onHelp: () => void;
  onAbout: () => void;
  onCite: () => void;
}

/** The panel with all choices. */
export function Panel({ session, scene, onPicture, onHelp, onAbout, onCite }: PanelProps) {
  const { bundle, colouring } = session;
  const { by, paint } = colouring.current.value;
  return (
    <aside class="panel" aria-label="Choices" hidden={folded.value}>
      <header>
        <h1 title={bundle.title}>
          <Breakable text={bundle.title} />
        </h1>
        <p class="quiet">
          {formatCounted(bundle.nCells, 'cell')} · {formatCounted(bundle.nGenes, 'gene')}{' '}
          <AboutButton onClick={onAbout} />
          <CiteButton onClick={onCite} />
        </p>
        <FoldButton />
      </header>
      <Greeting session={session} />
      <div class="sections">
        <ColourBy session={session} />
        <div class="rest">
          <Notes session={session} />
          <WithoutCoordinates session={session} />
          {paint.kind === 'category' && by.by === 'column' && (
            <Section id="legend" title="Legend">
              <Legend session={session} column={by.index} paint={paint} />
            </Section>
          )}
          {paint.kind === 'category' && by.by === 'groups' && (
            <Section id="legend" title="Legend">
              <GroupsLegend session={session} paint={paint} />
            </Section>
          )}
          {paint.kind === 'number' && <ColourRange session={session} paint={paint} />}
          {paint.kind === 'blend' && <BlendLegend session={session} paint={paint} />}
          <Filter session={session} />
          <Selected session={session} scene={scene} />
          <GroupList session={session} />
          <Plots session={session} />
          <Markers session={session} />
          <Transcripts session={session} />
          <GeneLists session={session} />
          <LoadingsSection session={session} />
          <Hover session={session} />
          <Section id="view" title="View">
            <Embeddings session={session} />
            <Beside session={session} />
            <Overlays session={session} scene={scene} />
            <Look session={session} />
            <ShapeControls session={session} />
          </Section>
          <SlidesSection session={session} />
          <SessionsSection session={session} />
          <LeftOut bundle={bundle} />
        </div>
      </div>
      <Footer session={session} drawn={scene !== null} onPicture={onPicture} onHelp={onHelp} />
    </aside>
  );
}
