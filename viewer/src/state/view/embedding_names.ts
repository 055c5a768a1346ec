import type { EmbeddingInfo } from '../../bundle/bundle';

/** How people write the words in keys of `obsm`. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['umap', 'UMAP'],
  ['tsne', 't-SNE'],
  ['t-sne', 't-SNE'],
  ['pca', 'PCA'],
  ['ica', 'ICA'],
  ['lsi', 'LSI'],
  ['nmf', 'NMF'],
  ['mds', 'MDS'],
  ['mde', 'MDE'],
  ['wnn', 'WNN'],
  ['phate', 'PHATE'],
  ['pacmap', 'PaCMAP'],
  ['trimap', 'TriMap'],
  ['diffmap', 'Diffusion map'],
  ['spatial', 'Spatial'],
  ['harmony', 'Harmony'],
  ['scvi', 'scVI'],
  ['scanvi', 'scANVI'],
  ['totalvi', 'totalVI'],
  ['3d', '3-D'],
  ['2d', '2-D'],
  ['1d', '1-D'],
]);
const LAYOUT = /^draw_graph_(.+)$/i;

const known = new WeakMap<readonly EmbeddingInfo[], readonly string[]>();

/** Names of embeddings for people: UMAP, not X_umap. If two have the same name, their keys are added. */
export function embeddingNames(embeddings: readonly EmbeddingInfo[]): readonly string[] {
  const found = known.get(embeddings);
  if (found) return found;
  const names = embeddings.map(embeddingName);
  const named = names.map((name, index) =>
    names.indexOf(name) === names.lastIndexOf(name) ? name : `${name} (${embeddings[index].key})`,
  );
  known.set(embeddings, named);
  return named;
}

/** Its name alone. A label without a known word stays, since somebody may have written it. */
export function embeddingName({ label, source }: Pick<EmbeddingInfo, 'label' | 'source'>): string {
  // Columns of obs keep their names: X_centroid is not an embedding called centroid.
  if (source.startsWith('obs:')) return source.slice('obs:'.length).replace(',', ', ');
  const plain = label.replace(/^X_(?=.)/, '');
  const layout = LAYOUT.exec(plain);
  if (layout) return `Force-directed (${layout[1].toUpperCase()})`;
  const words = plain.split(/[_.]/);
  if (!words.some((word) => WORDS.has(word.toLowerCase()))) return plain;
  return words.map((word) => WORDS.get(word.toLowerCase()) ?? word).join(' ');
}
