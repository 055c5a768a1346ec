import type { Format } from '../format';

export const cellucid = {
  name: 'cellucid',
  title: 'Cellucid',
  summary: 'What the Cellucid viewer reads',
  marks: [{ file: 'dataset_identity.json' }],
  rareMarks: [],
} as const satisfies Format;
