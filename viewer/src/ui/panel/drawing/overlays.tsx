import type { Scene } from '../../../scene/scene';
import { formatCount } from '../../../state/texts/format';
import { EDGE_MODES, type EdgeCount, type EdgeMode } from '../../../state/drawing/overlays';
import type { Session } from '../../../state/session';
import { embeddingNames } from '../../../state/view/embedding_names';
import { CategoryNames } from '../legend/category_names';
import { SectionNames } from '../legend/section_names';
import { percent, Slider, times } from '../controls/slider';

const NOTHING = '';
const EDGES: Record<EdgeMode, string> = {
  none: 'None',
  pointed: 'Of the cell under the pointer or clicked',
  selected: 'Of the selected cells',
  all: 'All between shown cells',
};

/** Choices of edges and vectors over the cells, if the bundle has them. */
export function Overlays({ session, scene }: { session: Session; scene: Scene | null }) {
  const { bundle } = session;
  const named = bundle.columns.some(({ kind }) => kind === 'category' || kind === 'bool');
  if (!named && !bundle.graph && bundle.vectors.length === 0) return null;
  return (
    <div class="part" role="group" aria-labelledby="overlays-title">
      <h3 id="overlays-title">Overlays</h3>
      <CategoryNames session={session} scene={scene} />
      <SectionNames session={session} />
      {bundle.graph && <EdgeChoice session={session} />}
      {bundle.vectors.length > 0 && <VectorChoice session={session} />}
    </div>
  );
}

function EdgeChoice({ session }: { session: Session }) {
  const { overlays, bundle, selection } = session;
  const mode = overlays.edges.value;
  const drawn = overlays.edgesDrawn.value;
  return (
    <>
      <label class={mode === 'none' ? 'field' : 'field active'}>
        <span>Edges of the neighbour graph</span>
        <select
          value={mode}
          onChange={(event) => (overlays.edges.value = event.currentTarget.value as EdgeMode)}
        >
          {EDGE_MODES.map((each) => (
            <option key={each} value={each}>
              {EDGES[each]}
            </option>
          ))}
        </select>
      </label>
      {(mode === 'all' || mode === 'selected') && (
        <Slider
          label="Edge opacity"
          value={overlays.edgeOpacity}
          minimum={0.01}
          maximum={1}
          step={0.01}
          format={percent}
        />
      )}
      {mode !== 'none' && (
        <p class="quiet edge-count" role="status">
          {mode === 'selected' && selection.count.value === 0
            ? 'Select cells first.'
            : drawn
              ? edgesText(drawn)
              : `${formatCount(bundle.graph!.nEdges)} edges in the graph.`}
        </p>
      )}
    </>
  );
}

function edgesText({ drawn, inView, total }: EdgeCount): string {
  if (drawn === total) return `${formatCount(total)} ${total === 1 ? 'edge' : 'edges'} drawn.`;
  if (inView === 0) return `None of ${formatCount(total)} edges is in view.`;
  if (drawn === inView) return `All ${formatCount(drawn)} edges in view are drawn, of ${formatCount(total)}.`;
  return (
    `${formatCount(drawn)} of ${formatCount(inView ?? total)} edges are drawn, an even sample. ` +
    'Zoom in, filter or select cells to see all remaining edges.'
  );
}

/** The choice of a vector field, which also shows the embedding that it belongs to. */
function VectorChoice({ session }: { session: Session }) {
  const { overlays, bundle, view } = session;
  const chosen = overlays.vector.value;
  const names = embeddingNames(bundle.embeddings);
  const choose = (value: string) => {
    const index = value === NOTHING ? null : Number(value);
    overlays.vector.value = index;
    if (index === null) return;
    const { embedding } = bundle.vectors[index];
    if (view.wanted.peek() !== embedding) void session.chooseEmbedding(embedding);
  };
  return (
    <>
      <label class={chosen === null ? 'field' : 'field active'}>
        <span>Vectors</span>
        <select
          value={chosen === null ? NOTHING : String(chosen)}
          onChange={(event) => choose(event.currentTarget.value)}
        >
          <option value={NOTHING}>None</option>
          {bundle.vectors.map(({ label, embedding }, index) => (
            <option key={index} value={index}>
              {label.includes(`(${names[embedding]})`) ? label : `${label}, on ${names[embedding]}`}
            </option>
          ))}
        </select>
      </label>
      {chosen !== null && <VectorLook session={session} vector={chosen} />}
    </>
  );
}

function VectorLook({ session, vector }: { session: Session; vector: number }) {
  const { overlays, bundle, view } = session;
  const { embedding } = bundle.vectors[vector];
  if (view.embedding.value?.index !== embedding) {
    return <p class="quiet">The arrows are drawn on “{embeddingNames(bundle.embeddings)[embedding]}”.</p>;
  }
  return (
    <>
      <Slider
        label="Arrow length"
        value={overlays.arrowLength}
        minimum={0.25}
        maximum={4}
        step={0.05}
        format={times}
      />
      <p class="quiet">Each arrow is the mean of the cells around it; when zoomed in, of a single cell.</p>
    </>
  );
}
