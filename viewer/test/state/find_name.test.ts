import { describe, expect, test } from 'vitest';
import { didYouMean, findName } from '../../src/state/lists/find_name';

const GENES = ['CD3D', 'CD3E', 'Case', 'case', 'MS4A1', 'MALAT1'];
const IDS = ['ENSG1', 'ENSG2', 'ENSG3', 'ENSG4', 'ENSG5', 'ENSG6'];

describe('a name', () => {
  test.each([
    ['CD3D', 0],
    ['cd3d', 0],
    [' Ms4a1 ', 4],
    ['case', 3],
    ['ensg5', 4],
  ])('%j is found', (name, index) => {
    expect(findName([GENES, IDS], name)).toEqual({ index, similar: [] });
  });

  test.each([
    ['CASE', ['Case', 'case']],
    ['cd3', ['CD3D', 'CD3E']],
    ['MS4A2', ['MS4A1']],
    ['MALT1', ['MALAT1']],
    ['nothing', []],
    ['', []],
  ])('%j is none, and suggests %j', (name, similar) => {
    expect(findName([GENES, IDS], name)).toEqual({ index: -1, similar });
  });

  test('of one item in both lists is one match', () => {
    expect(findName([['Actb'], ['ACTB']], 'actb').index).toBe(0);
  });

  test('is suggested in a sentence', () => {
    expect(didYouMean(['a', 'b', 'c'])).toBe('; did you mean “a”, “b” or “c”?');
    expect(didYouMean([])).toBe('.');
  });
});
