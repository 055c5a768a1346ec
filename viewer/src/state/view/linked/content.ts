import type { Bundle } from '../../../bundle/bundle';
import type { SectionsState } from '../../tissue/sections/sections';
import { VIEW_NAMES, type ViewId } from '../../plots/drawer';
import { embeddingNames } from '../embedding_names';
import { isTissuePositions } from '../embedding_view';

/** What a panel beside the stage shows: an embedding, a section of the tissue, or a plot or table. */
export type Content =
  | { readonly kind: 'embedding'; readonly embedding: number }
  | { readonly kind: 'section'; readonly section: number }
  | PlotContent;
export interface PlotContent {
  readonly kind: 'plot';
  readonly view: ViewId;
}

/** All cells that a panel can show, the embeddings first. */
export function contentsOf(bundle: Bundle): readonly Content[] {
  const sections = bundle.tissue?.sections?.items ?? [];
  return [
    ...bundle.embeddings.map((_, embedding) => ({ kind: 'embedding' as const, embedding })),
    ...sections.flatMap(({ nPlaced }, section) =>
      nPlaced > 0 ? [{ kind: 'section' as const, section }] : [],
    ),
  ];
}

export function contentName(bundle: Bundle, content: Content): string {
  if (content.kind === 'plot') return VIEW_NAMES[content.view];
  if (content.kind === 'embedding') return embeddingNames(bundle.embeddings)[content.embedding];
  return bundle.tissue?.sections?.items[content.section].name ?? 'no section';
}

export function embeddingOf(bundle: Bundle, content: Exclude<Content, PlotContent>): number {
  return content.kind === 'embedding' ? content.embedding : bundle.tissue!.sections!.embedding;
}

/**
 * The embedding to see beside another: that of the other kind, as UMAP beside the tissue; else the next one. Null if
 * there is no other.
 */
export function besideOf({ embeddings }: Bundle, shown: number): number | null {
  const isTissue = isTissuePositions(embeddings[shown]);
  const others = [...embeddings.keys()].filter((each) => each !== shown);
  const ofOtherKind = others.filter((each) => isTissuePositions(embeddings[each]) !== isTissue);
  const isUmap = (each: number) => /umap/i.test(embeddings[each].label);
  return ofOtherKind.find(isUmap) ?? ofOtherKind[0] ?? others.find(isUmap) ?? others[0] ?? null;
}

/**
 * The section to see beside the one that is shown large: the next one, or the one before the last. Beside several, the
 * one that was large last. Null if there is no other.
 */
export function sectionBeside({ info, list, section, current }: SectionsState): number | null {
  const placed = list.value.filter((each) => info!.items[each].nPlaced > 0);
  const large = section.value;
  if (large === null) return placed.find((each) => each === current.value) ?? placed[0] ?? null;
  return placed[placed.indexOf(large) + 1] ?? placed.filter((each) => each !== large).pop() ?? null;
}
