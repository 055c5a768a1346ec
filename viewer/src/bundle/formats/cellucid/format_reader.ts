import { liveFiles } from '../../live/live_files';
import type { FormatReader } from '../format';
import { CellucidBundle } from './cellucid_bundle';

export const cellucidReader: FormatReader = {
  open: async (files, _mark, json) => CellucidBundle.open(await liveFiles(files, json), json),
};
