import type { Bundle } from '../../bundle/bundle';
import { embeddingNames } from '../view/embedding_names';
import { isTissuePositions, type ShownEmbedding } from '../view/embedding_view';

/** The names of the axes of an embedding, as many as it has. */
export function axisNames(bundle: Pick<Bundle, 'embeddings'>, { index, info }: ShownEmbedding): string[] {
  const axes = Array.from({ length: info.dims }, (_, axis) => axis);
  if (info.source.startsWith('obs:')) {
    const columns = info.source.slice('obs:'.length).split(',');
    if (columns.length === info.dims) return columns;
  }
  if (isTissuePositions(info)) return axes.map((axis) => 'xyz'[axis]);
  const name = embeddingNames(bundle.embeddings)[index];
  return axes.map((axis) => `${name} ${axis + 1}`);
}
