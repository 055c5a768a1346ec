import { expect, test } from 'vitest';
import { GeneSummer, type GeneSums } from '../../../src/state/compare/gene_sums';
import { logAdjusted, logNormalP, logStudentP } from '../../../src/state/compare/p_values';
import { resultsOf } from '../../../src/state/compare/result';
import { sortNumbers, toKeys } from '../../../src/state/compare/sort_keys';
import expected from './expected.json';

/** Relative, or absolute near 0. */
function near(found: number, wanted: number | string, most = 1e-9): void {
  const value = Number(String(wanted).replace('inf', 'Infinity'));
  if (Number.isNaN(value) || !Number.isFinite(value)) expect(found).toBe(value);
  else
    expect(Math.abs(found - value), `${found} is ${value}`).toBeLessThanOrEqual(
      most * Math.abs(value) + 1e-300,
    );
}

const { marks, values, found, adjusted } = expected.genes;
const summer = () => new GeneSummer(Uint8Array.from(marks));
const genes = values.map((_, gene) => gene);
const sums = () => {
  const one = summer();
  return values.map((each) => one.sum(Float32Array.from(each)));
};
const sizes = [1, 2].map((side) => marks.filter((mark) => mark === side).length) as [number, number];
const tested = (test: 'wilcoxon' | 't-test', tieCorrect: boolean) => {
  const { table, strength } = resultsOf(genes, sums(), sizes, test, tieCorrect);
  const column = (key: string) => table.columns.find((each) => each.key === key)!.values;
  return { table, strength, column };
};

test('the normal tail is that of scipy, also where a double has no p-value', () => {
  for (const [z, p, log] of expected.normal) {
    near(Math.exp(logNormalP(z)), p, 1e-12);
    if (z > 1) near(logNormalP(z), log, 1e-13);
  }
  expect(logNormalP(-3)).toBe(logNormalP(3));
  expect(logNormalP(Infinity)).toBe(-Infinity);
});

test('the tail of Student’s t is that of scipy, from 1 to 30 million degrees of freedom', () => {
  for (const [t, freedom, p] of expected.student)
    if (p > 0) near(Math.exp(logStudentP(-t, freedom)), p, 1e-8);
  for (const [t, freedom, log] of expected.far) near(logStudentP(t, freedom), log, 1e-10);
  expect(logStudentP(Infinity, 3)).toBe(-Infinity);
  expect(logStudentP(0, 3)).toBe(0);
});

test('the sums of a gene are those of scipy', () => {
  sums().forEach((each, gene) => {
    const wanted = found[gene];
    expect(each.u).toBe(wanted.u);
    each.sides.forEach((side, at) => {
      near(side.mean, wanted.means[at]);
      near(side.nExpressing / sizes[at], wanted.shares[at]);
    });
  });
});

test('rank sums with and without ties, and Welch’s test, are those of scipy', () => {
  const [plain, corrected, welch] = [
    tested('wilcoxon', false),
    tested('wilcoxon', true),
    tested('t-test', false),
  ];
  plain.table.genes.forEach((gene, row) => {
    near(plain.column('score')[row], found[gene].plain[0], 1e-12);
    near(plain.column('p')[row], found[gene].plain[1]);
    near(plain.column('adjusted')[row], adjusted[gene]);
    near(10 ** -plain.strength[row], adjusted[gene]);
  });
  corrected.table.genes.forEach((gene, row) => {
    // All values are equal in two of them.
    const p = Number(found[gene].tie_correct);
    near(corrected.column('p')[row], Number.isNaN(p) ? 1 : p);
  });
  welch.table.genes.forEach((gene, row) => {
    const [t, p] = found[gene].welch;
    near(welch.column('score')[row], t === 'nan' ? 0 : t);
    near(welch.column('p')[row], p === 'nan' ? 1 : p);
  });
  expect([...plain.column('score')]).toEqual([...plain.column('score')].sort((a, b) => b - a));
});

test('values that are no number count as 0, infinite ones as the largest finite one', () => {
  const odd = Float32Array.from(values[4]);
  const [first, second] = [marks.indexOf(1), marks.indexOf(2)];
  odd[first] = NaN;
  odd[second] = Infinity;
  const plain = Float32Array.from(values[4]);
  plain[first] = 0;
  plain[second] = plain.reduce(
    (most, value, cell) => (marks[cell] > 0 && cell !== second ? Math.max(most, value) : most),
    0,
  );
  const [found, wanted] = [summer().sum(odd), summer().sum(plain)] as [GeneSums, GeneSums];
  expect({ ...found, nMissing: 0, nInfinite: 0 }).toEqual(wanted);
  expect([found.nMissing, found.nInfinite]).toEqual([1, 1]);
});

test('a gene that is summed in steps has the same sums, and long lists are sorted as short ones', () => {
  const random = Float32Array.from({ length: 200_000 }, (_, at) => Math.sin(at * 91.7) * (at % 7));
  const keys = new Uint32Array(random.buffer.slice(0));
  toKeys(keys);
  const sorted = keys.slice().sort();
  const steps = [...sortNumbers(keys, new Uint32Array(keys.length))];
  expect(keys).toEqual(sorted);
  expect(steps.length).toBeGreaterThan(9);
});

test('adjusted p-values never fall below those of smaller p-values', () => {
  const logs = logAdjusted(Float64Array.of(-800, -1, -900, 0));
  [-800 + Math.log(2), -1 + Math.log(4 / 3), -900 + Math.log(4), 0].forEach((log, at) => near(logs[at], log));
});
