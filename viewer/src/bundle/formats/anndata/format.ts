import type { Format } from '../format';

export const anndata = {
  name: 'anndata',
  title: 'AnnData',
  summary: 'A Zarr store for viewers and Python',
  marks: [],
  // The last is there without the first where the metadata is not consolidated.
  rareMarks: [{ file: '.zmetadata', suffix: '.zarr' }, { file: 'zarr.json' }, { file: '.zgroup' }],
} as const satisfies Format;
