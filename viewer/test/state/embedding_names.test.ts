import { expect, test } from 'vitest';
import type { EmbeddingInfo } from '../../src/bundle/bundle';
import { embeddingNames } from '../../src/state/view/embedding_names';

const named = (...keys: string[]) =>
  embeddingNames(
    keys.map((key) => {
      const source = key.includes(',') ? `obs:${key}` : `obsm:${key}`;
      return { key, label: key.replace(/^X_/, ''), source } as EmbeddingInfo;
    }),
  );

test.each([
  ['X_umap', 'UMAP'],
  ['X_UMAP', 'UMAP'],
  ['X_tsne', 't-SNE'],
  ['X_pca', 'PCA'],
  ['spatial', 'Spatial'],
  ['X_umap_3d', 'UMAP 3-D'],
  ['X_scVI_umap', 'scVI UMAP'],
  ['X_wnn.umap', 'WNN UMAP'],
  ['X_draw_graph_fa', 'Force-directed (FA)'],
  // Nothing is known about these.
  ['X_my_embedding', 'my_embedding'],
  ['X_centroid,Y_centroid', 'X_centroid, Y_centroid'],
  ['2-D', '2-D'],
])('%s is called %s', (key, name) => {
  expect(named(key)).toEqual([name]);
});

test('two of one name bear their keys', () => {
  expect(named('X_umap', 'X_pca', 'umap')).toEqual(['UMAP (X_umap)', 'PCA', 'UMAP (umap)']);
});
