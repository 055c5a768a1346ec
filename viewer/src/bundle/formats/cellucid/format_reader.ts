import { arriving } from '../../arrival';
import type { FormatReader } from '../format';
import { CellucidBundle } from './cellucid_bundle';

export const cellucidReader: FormatReader = {
  open: async (files, _mark, json) => CellucidBundle.open(await arriving(files, json), json),
};
