import type { Files } from '../../../../../bytes/files';
import type { Tissue } from '../../../../tissue';
import type { PartReader } from '../parts';
import type { Atlas } from '../schema';
import { StreamSections } from './sections';
import { StoredShapes } from './shapes';
import { StreamTranscripts } from './transcripts';
import { readSlides } from './slides';

/** What the bundle holds of a tissue; null for nothing. Each part has a reader in a file of its own. */
export function tissueOf(files: Files, reader: PartReader, atlas: Atlas): Tissue | null {
  const { sections, slides, shapes, transcripts } = atlas;
  if (!sections && slides.length === 0 && shapes.length === 0 && !transcripts) return null;
  return {
    sections: sections ? new StreamSections(reader, sections, atlas) : null,
    slides: readSlides(files, atlas),
    shapes: shapes.map((entry) => new StoredShapes(files, atlas, entry)),
    transcripts: transcripts ? new StreamTranscripts(files, transcripts, atlas.embeddings) : null,
  };
}
