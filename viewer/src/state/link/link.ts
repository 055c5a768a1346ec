import { computed, type ReadonlySignal } from '@preact/signals-core';
import { GROUPS_LABEL, type ColourBy } from '../colouring/colouring';
import { findName } from '../lists/find_name';
import { readGroups, readSelected, textOfGroups, textOfSelected } from './cells';
import { readNames, readTooltip, writeNames, writeTooltip } from './columns';
import { filterParts, readFilters } from './filters';
import { geneColours, readBlendRanges, readGenes, writeGenes } from './genes';
import { readMarkers, writeMarkers } from './markers';
import { linkedLegend, readLegend } from './legend';
import { readPlot, writePlot } from './plots';
import { missed, Misses } from './misses';
import { readNumberColours, writeNumberColours } from './number_colours';
import { numbersOf } from './numbers';
import { readTranscripts, writeTranscripts } from './tissue/transcripts';
import { cameraOf, viewText } from './shown/camera';
import { readCurtain, writeCurtain } from './shown/curtain';
import { readPanels, writePanels } from './shown/panels';
import { checkParts } from './parts';
import { readSection, readSections, writeSection, writeSections } from './tissue/sections';
import { EDGE_MODES } from '../drawing/overlays';
import { readShapes, writeShapes } from './tissue/shapes';
import { readSlides, writeSlides } from './tissue/slides';
import { embeddingNames } from '../view/embedding_names';
import type { Session } from '../session';

/** The part of the state that a copied link carries, as the text after `#`. */
export function linkOf(session: Session): ReadonlySignal<string> {
  // Computed separately: the camera moves in every frame, but the filters rarely change.
  const filters = computed(() => filterParts(session));
  const selected = computed(() => textOfSelected(session));
  const legend = computed(() => linkedLegend(session).text);
  const groups = computed(() => textOfGroups(session).text);
  return computed(() => {
    const link = viewPart(session);
    if (legend.value !== null) link.set('legend', legend.value);
    for (const [part, entries] of filters.value) link.set(part, JSON.stringify(entries));
    if (selected.value) link.set('selected', selected.value);
    if (groups.value !== null) link.set('groups', groups.value);
    return link.toString();
  });
}

/** The part of a link without filters, groups and the selection. `longest` is the most letters of gene lists. */
export function viewPart(session: Session, longest?: number): URLSearchParams {
  const link = new URLSearchParams();
  const { by, label } = session.colouring.current.value;
  if (by.by === 'groups') link.set('by', by.by);
  else if (by.by === 'gene' || by.by === 'column') link.set(by.by, label);
  writeGenes(session, link, longest);
  const embedding = session.view.embedding.value;
  if (embedding && embedding.index > 0) link.set('embedding', embedding.info.key);
  if (session.view.flat.value) link.set('flat', '1');
  writeSection(session, link);
  const microns = session.view.givenMicrons.value;
  if (microns !== null) link.set('microns', String(microns));
  const moved = session.view.moved.value;
  if (embedding && moved) link.set('view', viewText(moved, embedding.info.origin));
  writeSections(session, link);
  writeNumberColours(session, link);
  writeOverlays(session, link);
  writeNames(session, link);
  writeTooltip(session, link);
  writeMarkers(session, link);
  writePlot(session, link);
  writeTranscripts(session, link);
  writeSlides(session, link);
  writeShapes(session, link);
  writePanels(session, link);
  writeCurtain(session, link);
  return link;
}

/**
 * Applies a link to a session. Skips what the bundle does not have and what no link means; `missed` of the
 * session then lists it. Calls `onPlaced` when there is something to draw, before colours are loaded.
 */
export async function followLink(
  session: Session,
  text: string,
  onPlaced: () => Promise<void> | void = () => {},
  misses = new Misses(),
): Promise<void> {
  const link = new URLSearchParams(text);
  checkParts(link, misses);
  const { view } = session;
  session.missed.value = null;
  // Before the embedding and the camera, which a section that is opened would change.
  readSection(session, link, misses);
  const embedding = embeddingOf(session, link, misses);
  const { sections } = session.tissue;
  readSections(sections, link, misses);
  // A grid of panels needs no coordinates of all cells.
  if (sections.mode.peek() === 'grid' && !view.embedding.peek()) view.wanted.value = embedding;
  else if (view.embedding.peek()?.index !== embedding) await session.chooseEmbedding(embedding);
  if (!readView(session, link, misses)) return;
  readOverlays(session, link, misses);
  readSlides(session, link, misses);
  readShapes(session, link, misses);
  sections.usesCodes.value = true;
  await onPlaced();
  const choosePlots = await readPanels(session, link, misses);

  await readGroups(session, link, misses);
  await readGenes(session, link, misses);
  const [by, label] = await colourOf(session, link, misses);
  await session.chooseColour(by, label);
  sections.usesCodes.value = false;
  readBlendRanges(session, link);
  readNumberColours(session, link, misses);
  readLegend(session, link, misses);

  await readNames(session, link, misses);
  await readTooltip(session, link, misses);
  readMarkers(session, link, misses);
  await readPlot(session, link, misses);
  await choosePlots();
  await readTranscripts(session, link, misses);
  await readCurtain(session, link, misses);

  await readFilters(session, link, misses);
  await readSelected(session, link, misses);
  session.missed.value = misses.problem;
}

/** Moves the camera as the link says; false if there is nothing to draw. */
function readView({ view, tissue }: Session, link: URLSearchParams, misses: Misses): boolean {
  view.givenMicrons.value = micronsOf(link, misses);
  const shown = view.embedding.peek();
  if (!shown) return tissue.sections.mode.peek() === 'grid';
  view.flatten(link.get('flat') === '1' && shown.width === 3);
  const camera = cameraOf(link.get('view'), shown.info.origin);
  if (camera) view.move(camera);
  else missed(misses, link, 'view', 'the position in the plot');
  return true;
}

function micronsOf(link: URLSearchParams, misses: Misses): number | null {
  const microns = numbersOf(link.get('microns'), 1)?.[0] ?? 0;
  if (microns > 0) return microns;
  missed(misses, link, 'microns', 'the microns per unit');
  return null;
}

function writeOverlays({ overlays, bundle }: Session, link: URLSearchParams): void {
  const edges = overlays.edges.value;
  if (bundle.graph && edges !== 'none') link.set('edges', edges);
  const vector = overlays.vector.value;
  if (vector !== null) link.set('vectors', bundle.vectors[vector].key);
}

function readOverlays({ overlays, bundle }: Session, link: URLSearchParams, misses: Misses): void {
  const edges = EDGE_MODES.find((mode) => mode === link.get('edges'));
  if (!edges || !bundle.graph) missed(misses, link, 'edges', 'the edges');
  overlays.edges.value = edges ?? 'none';
  const vector = bundle.vectors.findIndex(({ key }) => key === link.get('vectors'));
  if (vector < 0) missed(misses, link, 'vectors', 'the vectors');
  overlays.vector.value = vector >= 0 ? vector : null;
}

/** The embedding of the link; the first one if the link names none of the bundle. */
function embeddingOf({ bundle, tissue }: Session, link: URLSearchParams, misses: Misses): number {
  const name = link.get('embedding');
  const { section, info } = tissue.sections;
  if (name === null) return (section.peek() !== null && info?.embedding) || 0;
  const { embeddings } = bundle;
  const lists = [
    embeddings.map(({ key }) => key),
    embeddings.map(({ label }) => label),
    embeddingNames(embeddings),
  ];
  const { index, similar } = findName(lists, name);
  if (index < 0) misses.add('the embedding', name, similar);
  return Math.max(0, index);
}

async function colourOf(
  session: Session,
  link: URLSearchParams,
  misses: Misses,
): Promise<[ColourBy, string]> {
  const { bundle, groups } = session;
  if (link.get('by') === 'groups' && groups.list.peek().length > 0) return [{ by: 'groups' }, GROUPS_LABEL];
  const genes = await geneColours(session, link, misses);
  if (genes) return [genes, 'the genes'];
  const [gene, column] = [link.get('gene'), link.get('column')];
  if (gene !== null) {
    const { names, ids } = await bundle.genes();
    const { index, similar } = findName(ids ? [names, ids] : [names], gene);
    if (index >= 0) {
      if (column !== null) misses.addUnused('the column of colours', column, 'the link also names a gene');
      return [{ by: 'gene', index }, names[index]];
    }
    misses.add('the gene', gene, similar);
  }
  const by = column === null ? null : columnOf(session, column, misses);
  const chosen = by ?? session.firstColour();
  return [chosen, chosen.by === 'column' ? bundle.columns[chosen.index].name : ''];
}

function columnOf({ bundle }: Session, name: string, misses: Misses): ColourBy | null {
  const usable = [...bundle.columns.keys()].filter((index) => bundle.columns[index].kind !== 'string');
  const { index, similar } = findName([usable.map((each) => bundle.columns[each].name)], name);
  if (index >= 0) return { by: 'column', index: usable[index] };
  misses.add('the column of colours', name, similar);
  return null;
}
