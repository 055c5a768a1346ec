import { embeddingName } from '../../state/view/embedding_names';

/** Coordinates as the viewer calls them: `UMAP` for `obsm:X_umap`, `x, y` for `obs:x,y`; of several, all. */
export function coordinatesName(spellings: string): string {
  return spellings
    .split(', ')
    .map((source) => embeddingName({ source, label: source.replace(/^obsm:/, '') }))
    .join(', ');
}
