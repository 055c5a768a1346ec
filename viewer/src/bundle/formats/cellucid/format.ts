import type { Format } from '../format';

export const cellucid = {
  name: 'cellucid',
  title: 'Cellucid',
  summary: 'A folder for the Cellucid viewer',
  marks: [{ file: 'dataset_identity.json' }],
  rareMarks: [],
} as const satisfies Format;
