import type { Format } from '../format';

export const anndata = {
  name: 'anndata',
  title: 'AnnData',
  summary: 'A Zarr store for viewers and Python',
  marks: [],
  // Without consolidated metadata there is only the last of them.
  rareMarks: [{ file: '.zmetadata', suffix: '.zarr' }, { file: 'zarr.json' }, { file: '.zgroup' }],
} as const satisfies Format;
