import type { Format } from '../format';

export const karospace = {
  name: 'karospace',
  title: 'KaroSpace',
  summary: 'A page with its data, ready to open',
  marks: [{ file: 'manifest.json' }],
  // The stream layer without a base layer.
  rareMarks: [{ file: 'atlas.json' }],
} as const satisfies Format;
