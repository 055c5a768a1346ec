import type { FormatReader } from '../format';
import { AnndataBundle } from './anndata_bundle';
import { notConsolidated } from './zarr/documents';

export const anndataReader: FormatReader = {
  async open(files, mark, json) {
    if (mark === '.zmetadata' || mark === 'zarr.json') return AnndataBundle.open(files, json, mark);
    throw notConsolidated(files.where);
  },
};
