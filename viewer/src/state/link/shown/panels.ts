import * as v from 'valibot';
import type { Session } from '../../session';
import { findName } from '../../lists/find_name';
import { VIEW_IDS, type ViewId } from '../../plots/drawer';
import { isAvailable } from '../../plots/views';
import { embeddingNames } from '../../view/embedding_names';
import type { Content } from '../../view/linked/content';
import { LEAST_SHARE, MOST_PANELS } from '../../view/linked/linked_panels';
import type { SidePanel } from '../../view/linked/side_panel';
import { linkedMarkers, loadMarkers } from '../markers';
import type { Misses } from '../misses';
import { linkedPlot, loadPlot } from '../plots';
import { cameraOf, viewText } from './camera';

/** A plot in a panel, as `plot=` or `markers=` says it of the drawer. */
const PlotSchema = v.looseObject({ view: v.string() });
const PanelSchema = v.object({
  plot: v.optional(PlotSchema),
  markers: v.optional(PlotSchema),
  embedding: v.optional(v.string()),
  section: v.optional(v.nullable(v.string())),
  view: v.optional(v.string()),
  flat: v.optional(v.boolean(), false),
  linked: v.optional(v.boolean(), true),
});
const PanelsSchema = v.object({
  /** The part of the room that the stage has. */
  stage: v.optional(v.pipe(v.number(), v.minValue(LEAST_SHARE), v.maxValue(1 - LEAST_SHARE)), 0.5),
  shown: v.pipe(v.array(PanelSchema), v.minLength(1), v.maxLength(MOST_PANELS)),
});
type SavedPanel = v.InferOutput<typeof PanelSchema>;

/** Writes `beside=`, as JSON: what is shown beside the stage. */
export function writePanels(session: Session, link: URLSearchParams): void {
  const { bundle, panels } = session;
  if (panels.list.value.length === 0) return;
  const stage = Number(panels.share.value.toFixed(2));
  const shown = panels.list.value.map(({ content, view, isLinked }) => {
    const of = content.value;
    if (of.kind === 'plot') return linkedView(session, of.view);
    const [moved, origin] = [view.moved.value, view.embedding.value?.info.origin];
    return {
      ...(of.kind === 'embedding'
        ? { embedding: bundle.embeddings[of.embedding].key }
        : { section: bundle.tissue?.sections?.items[of.section].name ?? null }),
      ...(moved && origin && { view: viewText(moved, origin) }),
      ...(view.flat.value && { flat: true }),
      ...(!isLinked.value && { linked: false }),
    };
  });
  link.set('beside', JSON.stringify({ ...(stage !== 0.5 && { stage }), shown }));
}

function linkedView(session: Session, view: ViewId): Pick<SavedPanel, 'plot' | 'markers'> {
  const plot = linkedPlot(session, view);
  if (plot) return { plot: { view, ...plot } };
  return { markers: { view, ...linkedMarkers(session, view) } };
}

/**
 * Opens the panels that `beside=` describes; closes the others. Returns what brings back the choices of plots, which
 * may be of the groups, genes and colours that the rest of the link brings.
 */
export async function readPanels(
  session: Session,
  link: URLSearchParams,
  misses: Misses,
): Promise<() => Promise<void>> {
  const later: (() => unknown)[] = [];
  const { panels } = session;
  panels.closeAll();
  const text = link.get('beside');
  const choosePlots = async () => {
    for (const choose of later) await choose();
  };
  if (text === null) return choosePlots;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), PanelsSchema), text);
  if (!parsed.success) {
    misses.add('the panels', text);
    return choosePlots;
  }
  panels.resize(parsed.output.stage);
  for (const saved of parsed.output.shown) {
    const content = contentOf(session, saved, misses);
    const panel = content && panels.open(content);
    if (!panel) continue;
    const { plot, markers } = saved;
    if (plot) later.push(() => loadPlot(session, JSON.stringify(plot), misses));
    else if (markers) {
      // The genes by their spatial pattern have no choices.
      if (Object.keys(markers).length > 1)
        later.push(() => loadMarkers(session, JSON.stringify(markers), misses));
    } else {
      await panel.ready;
      place(panel, saved, misses);
    }
  }
  return choosePlots;
}

function contentOf(session: Session, saved: SavedPanel, misses: Misses): Content | null {
  const { embeddings, tissue } = session.bundle;
  const { embedding, section } = saved;
  const named = saved.plot?.view ?? saved.markers?.view;
  if (named !== undefined) {
    const view = VIEW_IDS.find((each) => each === named && isAvailable(session, each));
    if (view) return { kind: 'plot', view };
    misses.add('the plot', named);
    return null;
  }
  if (embedding !== undefined) {
    const keys = embeddings.map(({ key }) => key);
    const { index, similar } = findName([keys, embeddingNames(embeddings)], embedding);
    if (index >= 0) return { kind: 'embedding', embedding: index };
    misses.add('the embedding', embedding, similar);
    return null;
  }
  const items = tissue?.sections?.items ?? [];
  const at = items.findIndex(({ name, nPlaced }) => name === (section ?? null) && nPlaced > 0);
  if (at >= 0) return { kind: 'section', section: at };
  misses.add('the section', section ?? 'no section');
  return null;
}

function place({ view, isLinked }: SidePanel, saved: SavedPanel, misses: Misses): void {
  const shown = view.embedding.peek();
  isLinked.value = saved.linked;
  if (!shown) return;
  if (saved.flat && shown.width === 3) view.flatten(true);
  if (saved.view === undefined) return;
  const camera = cameraOf(saved.view, shown.info.origin);
  if (camera) view.move(camera);
  else misses.add('the position in a panel', saved.view);
}
