import { describe, expect, test } from 'vitest';
import type { Bundle } from '../../../src/bundle/bundle';
import { openBundle } from '../../../src/bundle/open';
import { binsOf, chooseControl } from '../../../src/state/genes/control';
import { listValues } from '../../../src/state/genes/list_values';
import { Session } from '../../../src/state/session';
import { statisticsBundle } from '../../statistics_fixture';
import { streamBundle } from '../../stream_fixture';

const GENES = [
  [0, 1, 2, 3, 4],
  [1, 1, 1, 1, 1],
  [0, 0, 5, 0, 1],
  [2, NaN, 0, 1, 0],
];
const bundle = (genes = GENES) =>
  ({
    nCells: 5,
    nGenes: genes.length,
    expression: (gene: number) => Promise.resolve(Float32Array.from(genes[gene])),
  }) as unknown as Bundle;
const never = new AbortController().signal;

const valuesOf = async (of: Bundle, genes: number[], method: 'mean' | 'zscore' | 'score') => {
  const steps: number[] = [];
  const by = { by: 'list', name: 'x', genes, method } as const;
  const { values, control } = await listValues(of, by, never, (done) => steps.push(done));
  return { values: [...values], control, steps };
};

describe('a list', () => {
  test('has a mean, and no value where a gene has none', async () => {
    const { values, steps } = await valuesOf(bundle(), [0, 2], 'mean');
    expect(values).toEqual([0, 0.5, 3.5, 1.5, 2.5]);
    expect(steps).toEqual([0, 1]);
    expect((await valuesOf(bundle(), [0, 3], 'mean')).values).toEqual([1, NaN, 1, 2, 2]);
  });

  test('has a mean of z-scores as numpy computes them with ddof=1', async () => {
    const { values } = await valuesOf(bundle(), [0, 1, 2], 'zscore');
    // numpy: ((x - x.mean()) / x.std(ddof=1)).sum(axis=0) / 3, where the second gene is 0.
    const wanted = [-0.60614326, -0.39532475, 0.58426977, 0.02631227, 0.39088598];
    values.forEach((value, cell) => expect(value).toBeCloseTo(wanted[cell], 6));
  });

  test('has a score against all others if there are few and no means', async () => {
    const { values, control } = await valuesOf(bundle(GENES.slice(0, 3)), [0], 'score');
    expect(control).toEqual({ genes: [1, 2], isBinned: false });
    expect(values).toEqual([-0.5, 0.5, -1, 2.5, 3]);
  });
});

test('bins are those of scanpy', () => {
  // pandas: x.rank(method="min") // round(len(x) / 24), as in scanpy.tl.score_genes.
  const means = Float64Array.from({ length: 60 }, (_, gene) => (gene * 37) % 50);
  // 60 / 24 = 2.5 rounds to 2, as numpy rounds.
  const bins = binsOf(means);
  expect([...bins.slice(0, 12)]).toEqual([0, 22, 14, 7, 29, 21, 13, 5, 27, 19, 12, 4]);
  expect(Math.max(...bins)).toBe(30);
});

test('control genes are always the same, none of the list, and similar to it where there are means', async () => {
  const many = bundle(Array.from({ length: 300 }, () => [0, 0, 0, 0, 0]));
  const control = await chooseControl(many, [0, 7]);
  expect(control).toEqual(await chooseControl(many, [0, 7]));
  expect(control.genes).toHaveLength(50);
  expect(control.genes).not.toContain(7);
  const opened = await openBundle(statisticsBundle());
  expect((await chooseControl(opened, [1])).isBinned).toBe(true);
});

test('a list that is cancelled leaves the colours, and what is chosen instead is drawn', async () => {
  const session = new Session(await openBundle(streamBundle()));
  const { colouring } = session;
  await session.chooseColour({ by: 'column', index: 0 }, '');
  const list = { by: 'list', name: 'L', genes: [0, 1, 2, 3], method: 'mean' } as const;
  const cancelled = session.chooseColour(list, '');
  expect(colouring.wanted.value).toBe(list);
  colouring.cancel();
  expect(colouring.wanted.value).toEqual({ by: 'column', index: 0 });
  await cancelled;
  expect(colouring.progress.value).toBe(null);
  expect(session.problem.value).toBe(null);
  expect(colouring.current.value.by).toEqual({ by: 'column', index: 0 });
  const superseded = session.chooseColour(list, '');
  await session.chooseColour({ by: 'gene', index: 1 }, '');
  await superseded;
  expect(colouring.current.value.by).toEqual({ by: 'gene', index: 1 });
  await session.chooseColour(list, '');
  expect(colouring.current.value.label).toBe('L (mean of 4 genes)');
  expect(colouring.progress.value).toBe(null);
});
