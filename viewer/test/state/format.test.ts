import { expect, test } from 'vitest';
import { formatCounted } from '../../src/state/texts/format';

test.each([
  [0, 'gene', '0 genes'],
  [1, 'gene', '1 gene'],
  [1200, 'gene', '1,200 genes'],
  [1, 'category', '1 category'],
  [2, 'category', '2 categories'],
  [2, 'key', '2 keys'],
])('%i %s', (count, noun, text) => {
  expect(formatCounted(count, noun)).toBe(text);
});
