import { describe, expect, test } from 'vitest';
import type { Bundle } from '../../../src/bundle/bundle';
import { Categories } from '../../../src/state/colouring/categories';
import { Colouring } from '../../../src/state/colouring/colouring';
import { chooseFirstSides } from '../../../src/state/compare/begin';
import { Compare } from '../../../src/state/compare/compare';
import { hasDifferences, layOut, nearestRow, pathOf, placeLabels } from '../../../src/state/compare/scatter';
import { comparisonFacts } from '../../../src/state/compare/texts';
import { Filters } from '../../../src/state/filters/filters';
import { GeneLists } from '../../../src/state/genes/gene_lists';
import { Groups } from '../../../src/state/selection/groups';
import { Selection } from '../../../src/state/selection/selection';

const N_CELLS = 8;
const N_GENES = 40;
const CODES = Uint8Array.of(0, 0, 0, 1, 1, 1, 2, 255);

/** Genes rise with the number of the cell, each at its own speed. */
function bundleOf(asked: number[] = [], broken = -1, shiftOf: (gene: number) => number = () => 0): Bundle {
  return {
    nCells: N_CELLS,
    nGenes: N_GENES,
    columns: [{ name: 'kind', kind: 'category', categories: ['a', 'b', 'c'], colors: null }],
    genes: () =>
      Promise.resolve({ names: Array.from({ length: N_GENES }, (_, gene) => `g${gene}`), ids: null }),
    column: () => Promise.resolve({ kind: 'codes', codes: CODES, missing: 255 }),
    passingGenes: () => ({ expression }),
  } as unknown as Bundle;
  function expression(gene: number) {
    asked.push(gene);
    if (gene === broken) return Promise.reject(new Error('gone'));
    return Promise.resolve(
      Float32Array.from({ length: N_CELLS }, (_, cell) => ((cell * (gene + 1)) % 5) / 2 + shiftOf(gene)),
    );
  }
}

function open(bundle = bundleOf()) {
  const sources = {
    bundle,
    categories: new Categories(bundle),
    filters: new Filters(bundle),
    selection: new Selection(),
    groups: new Groups(),
    geneLists: new GeneLists(),
  };
  const compare = new Compare(sources);
  return { ...sources, compare };
}

const group = (name: string, ...cells: number[]) => ({
  name,
  color: '#000000',
  cells: Uint32Array.from(cells),
});
const a = { is: 'category', column: 0, code: 0 } as const;
const rest = { is: 'rest' } as const;

describe('sides', () => {
  test('the rest has all other shown cells, those without a value too', async () => {
    const { compare, filters, categories } = open();
    compare.sides.value = [a, rest];
    await compare.run();
    expect(compare.last.value).toMatchObject({ sizes: [3, 5], nBoth: 0, names: ['a (kind)', 'the rest'] });
    categories.rename(0, 'a', 'A cells');
    expect(compare.shown.value?.names).toEqual(['A cells (kind: a)', 'the rest']);
    await filters.hide(0, new Set([1]));
    await compare.run();
    expect(compare.last.value).toMatchObject({ sizes: [3, 2], nShown: 5, filters: ['kind (1 hidden)'] });
  });

  test('cells on both sides are left out', async () => {
    const { compare, groups } = open();
    groups.put(group('mine', 2, 3, 4, 7));
    compare.sides.value = [{ is: 'group', name: 'mine' }, a];
    await compare.run();
    const { last, test, tieCorrect } = compare;
    expect(last.value).toMatchObject({ sizes: [3, 2], nBoth: 1 });
    expect(comparisonFacts(last.value!, test.value, tieCorrect.value)[0]).toBe(
      'mine against a (kind): 3 cells and 2 cells. 1 cell on both sides is left out.',
    );
  });

  test('fewer than two cells, two rests and a group that is gone are refused in a sentence', async () => {
    const { compare, groups, selection } = open();
    await expect(compare.run()).rejects.toThrow('the selection has 0, the rest has 8.');
    compare.sides.value = [rest, rest];
    await expect(compare.run()).rejects.toThrow('Both sides are the rest');
    compare.sides.value = [{ is: 'group', name: 'gone' }, rest];
    await expect(compare.run()).rejects.toThrow('There is no group “gone”');
    groups.put(group('one', 3));
    selection.set(Uint32Array.of(0, 3));
    compare.sides.value = [{ is: 'group', name: 'one' }, { is: 'selection' }];
    await expect(compare.run()).rejects.toThrow(
      'without the 1 on both sides: one has 0, the selection has 1',
    );
    expect(compare.last.value).toBeNull();
  });

  test('are at first a shown category of the colours and the rest, if nothing is selected or chosen', async () => {
    const { compare, bundle, filters, selection, groups } = open();
    const colouring = new Colouring(bundle, filters, groups);
    selection.set(Uint32Array.of(0, 1));
    chooseFirstSides(compare, colouring);
    expect(compare.sides.value).toEqual([{ is: 'selection' }, rest]);
    selection.clear();
    await colouring.choose({ by: 'column', index: 0 });
    await filters.hide(0, new Set([0]));
    chooseFirstSides(compare, colouring);
    expect(compare.sides.value).toEqual([{ ...a, code: 1 }, rest]);
    await compare.run();
    expect(compare.last.value).toMatchObject({ sizes: [3, 2] });
    // What was chosen stays.
    compare.sides.value = [{ is: 'selection' }, rest];
    chooseFirstSides(compare, colouring);
    expect(compare.sides.value[0]).toEqual({ is: 'selection' });
  });

  test('the sizes follow the selection', async () => {
    const { compare, selection } = open();
    const failed: unknown[] = [];
    const stop = compare.follow((error) => failed.push(error));
    selection.set(Uint32Array.of(0, 3, 5));
    await expect.poll(() => compare.marked.value?.sizes).toEqual([3, 5]);
    stop();
    selection.clear();
    await new Promise((done) => setTimeout(done));
    expect(compare.marked.value?.sizes).toEqual([3, 5]);
    expect(failed).toEqual([]);
  });
});

describe('a comparison', () => {
  test('takes the genes of a list, names those that are unknown, and reads each once', async () => {
    const asked: number[] = [];
    const { compare } = open(bundleOf(asked));
    compare.sides.value = [a, rest];
    compare.genes.value = { of: 'typed', text: 'g7, g3, nobody' };
    await compare.run();
    expect(asked).toEqual([3, 7]);
    const { last } = compare;
    expect(comparisonFacts(last.value!, 't-test', false)[2]).toBe(
      '2 genes: typed names; no exported gene is called nobody.',
    );
    compare.genes.value = { of: 'typed', text: 'nobody' };
    await expect(compare.run()).rejects.toThrow('at least one gene');
    expect(last.value!.genes).toEqual([3, 7]);
  });

  test('that is cancelled asks for no more genes, and keeps the last result', async () => {
    const asked: number[] = [];
    const { compare } = open(bundleOf(asked));
    compare.sides.value = [a, rest];
    compare.genes.value = { of: 'typed', text: 'g1' };
    await compare.run();
    const before = compare.last.value;
    compare.genes.value = { of: 'all' };
    const stop = compare.progress.subscribe((progress) => {
      if (progress?.done === 5) compare.cancel();
    });
    await compare.run();
    stop();
    expect(asked.length).toBeLessThan(20);
    expect(compare.last.value).toBe(before);
    expect(compare.progress.value).toBeNull();
    await compare.run();
    expect(compare.last.value!.genes.length).toBe(N_GENES);
  });

  test('that is begun anew replaces the one that runs', async () => {
    const { compare } = open();
    compare.sides.value = [a, rest];
    const first = compare.run();
    compare.genes.value = { of: 'typed', text: 'g2' };
    await Promise.all([first, compare.run()]);
    expect(compare.last.value!.genes).toEqual([2]);
  });

  test('stops where a gene cannot be loaded', async () => {
    const asked: number[] = [];
    const { compare } = open(bundleOf(asked, 3));
    compare.sides.value = [a, rest];
    await expect(compare.run()).rejects.toThrow('gone');
    expect(asked.length).toBeLessThan(20);
    expect(compare.progress.value).toBeNull();
  });
});

describe('plots', () => {
  const room = { left: 50, right: 450, top: 10, bottom: 210 };
  test('have every gene, and names that do not overlap', async () => {
    const { compare } = open();
    compare.sides.value = [a, rest];
    await compare.run();
    const results = compare.results.value!;
    for (const kind of ['volcano', 'ma'] as const) {
      const plot = layOut(results, kind, room);
      expect(plot.x.every((x) => x >= 50 && x <= 450)).toBe(true);
      expect(plot.y.every((y) => y >= 10 && y <= 210)).toBe(true);
      expect(nearestRow(plot, plot.x[5] + 1, plot.y[5], 3)).not.toBeNull();
      const all = { ...plot, class: plot.class.map(() => 'first' as const) };
      const labels = placeLabels(all, () => 30, 10, room);
      expect(labels.length).toBeGreaterThan(1);
      const boxes = labels.map(({ x, y, anchor }) => [anchor === 'start' ? x : x - 30, y]);
      boxes.forEach(([x, y], at) =>
        boxes.slice(at + 1).forEach(([other, height]) => {
          expect(Math.abs(x - other) >= 30 || Math.abs(y - height) >= 13).toBe(true);
        }),
      );
    }
  });

  test('of scaled values draw differences of the means, and count all genes', async () => {
    // Between the two means of most genes, or of a few.
    for (const nScaled of [N_GENES, 5]) {
      const plain = open();
      plain.compare.sides.value = [a, rest];
      await plain.compare.run();
      const middle = plain.compare.last.value!.sums.map(
        ({ sides: [{ mean }, other] }) => (mean + other.mean) / 2,
      );
      const isApart = plain.compare.last.value!.sums.map(({ sides }) => sides[0].mean !== sides[1].mean);
      const isScaled = (gene: number) => gene < nScaled && isApart[gene];
      const { compare } = open(bundleOf([], -1, (gene) => (isScaled(gene) ? -middle[gene] : 0)));
      compare.sides.value = [a, rest];
      await compare.run();
      const results = compare.results.value!;
      const nMissing = [...Array(N_GENES).keys()].filter(isScaled).length;
      expect(comparisonFacts(compare.last.value!, 'wilcoxon', false)[1]).toBe(
        `${nMissing} of 40 genes have no fold change, as their means are negative (scaled values).`,
      );
      expect(nMissing > 20).toBe(nScaled === N_GENES);
      expect(hasDifferences(results)).toBe(nMissing > 20);
      // All are significant.
      const column = (key: string) => results.table.columns.find((each) => each.key === key)!.values;
      column('adjusted').fill(0.01);
      results.strength.forEach((_, row) => (results.strength[row] = 2));
      const unseen = column('change').findIndex(Number.isNaN);
      results.strength[unseen] = 50;
      const volcano = layOut(results, 'volcano', room);
      const nDrawn = volcano.x.filter((x, row) => Number.isFinite(x + volcano.y[row])).length;
      expect(nDrawn).toBe(nMissing > 20 ? 40 : 40 - nMissing);
      expect(volcano.yScale.domain()[1]).toBe(nMissing > 20 ? 50 : 2);
      expect(pathOf(volcano, volcano.class[unseen]).length > 0 || nMissing <= 20).toBe(true);
      const counted = volcano.counts.first + volcano.counts.second;
      const differences = column('mean').map((mean, row) => mean - column('mean_outside')[row]);
      const wanted = differences.filter((each, row) => {
        const change = column('change')[row];
        return nMissing > 20 || Number.isNaN(change) ? each !== 0 : Math.abs(change) >= 1;
      });
      expect(counted).toBe(wanted.length);
      if (nMissing > 20)
        differences.forEach((each, row) =>
          expect(volcano.xScale.invert(volcano.x[row])).toBeCloseTo(each, 9),
        );
    }
  });
});
