import { describe, expect, test } from 'vitest';
import { buildAdjacency, neighboursOf, pairsOf } from '../../src/scene/edges/adjacency';
import { segmentsOf } from '../../src/scene/edges/links';

/** A graph that looks like chance, sorted as a bundle's is. */
function randomEdges(nCells: number, seed: number) {
  const sources: number[] = [];
  const targets: number[] = [];
  for (let source = 0; source < nCells; source++) {
    for (let target = source + 1; target < nCells; target++) {
      if ((source * 31 + target * 17 + seed * 7) % 5 !== 0) continue;
      sources.push(source);
      targets.push(target);
    }
  }
  return { sources: Uint16Array.from(sources), targets: Uint16Array.from(targets) };
}

describe('neighbours', () => {
  test.each([1, 2, 3, 4, 5])('are found in both directions (%i)', (seed) => {
    const nCells = 24;
    const edges = randomEdges(nCells, seed);
    const adjacency = buildAdjacency(edges, nCells);
    for (let cell = 0; cell < nCells; cell++) {
      const expected = [...edges.sources.keys()].flatMap((edge) => {
        if (edges.sources[edge] === cell) return [edges.targets[edge]];
        return edges.targets[edge] === cell ? [edges.sources[edge]] : [];
      });
      expect(neighboursOf(adjacency, cell).sort((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b));
    }
  });

  test('of cells that are not there are refused', () => {
    const edges = { sources: Uint16Array.of(0), targets: Uint16Array.of(5) };
    expect(() => buildAdjacency(edges, 5)).toThrow('edge 0 joins 0 and 5 of 5 cells');
  });

  test('of a graph without edges are none', () => {
    const adjacency = buildAdjacency({ sources: new Uint16Array(0), targets: new Uint16Array(0) }, 3);
    expect(neighboursOf(adjacency, 2)).toEqual([]);
  });
});

describe('the edges of many cells', () => {
  const nCells = 30;
  const edges = randomEdges(nCells, 1);
  const all = [...edges.sources.keys()].map((edge) => [edges.sources[edge], edges.targets[edge]]);
  const inTwos = (pairs: Uint32Array) =>
    [...Array(pairs.length / 2).keys()].map((edge) => [...pairs.subarray(2 * edge, 2 * edge + 2)]);

  test('are all of them, or those between shown cells', () => {
    const whole = pairsOf(edges, nCells, { mask: null, among: null, seen: null, cap: 1e6 });
    expect(inTwos(whole.pairs)).toEqual(all);
    const mask = Uint8Array.from({ length: nCells }, (_, cell) => (cell % 3 === 0 ? 0 : 255));
    const shown = pairsOf(edges, nCells, { mask, among: null, seen: null, cap: 1e6 });
    expect(inTwos(shown.pairs)).toEqual(all.filter(([a, b]) => mask[a] !== 0 && mask[b] !== 0));
    expect(shown.total).toBe(shown.pairs.length / 2);
  });

  test('are those with an end among the selected', () => {
    const picked = [3, 4, 20];
    const { pairs } = pairsOf(edges, nCells, {
      mask: null,
      among: Uint32Array.from(picked),
      seen: null,
      cap: 1e6,
    });
    expect(inTwos(pairs)).toEqual(all.filter((pair) => pair.some((cell) => picked.includes(cell))));
  });

  test('are those with an end in view', () => {
    const seen = Uint8Array.from({ length: nCells }, (_, cell) => (cell < 3 ? 1 : 0));
    const { pairs, total } = pairsOf(edges, nCells, { mask: null, among: null, seen, cap: 1e6 });
    expect(inTwos(pairs)).toEqual(all.filter((pair) => pair.some((cell) => cell < 3)));
    expect(total).toBe(pairs.length / 2);
  });

  test.each([1, 2, 7, 50, 1000])('are taken evenly where there are more than %i', (cap) => {
    const { pairs, total } = pairsOf(edges, nCells, { mask: null, among: null, seen: null, cap });
    expect(total).toBe(all.length);
    const kept = inTwos(pairs);
    expect(kept.length).toBe(Math.min(cap, total));
    const places = kept.map((pair) => all.findIndex(([a, b]) => a === pair[0] && b === pair[1]));
    const steps = places.slice(1).map((place, at) => place - places[at]);
    const step = total / kept.length;
    for (const each of steps) expect(Math.abs(each - step)).toBeLessThanOrEqual(1);
  });
});

test('a link to a cell without a place is no line', () => {
  const drawn = { positions: Float32Array.of(0, 1, NaN, NaN, 4, 5), width: 2, solid: false, mask: null };
  const links = [
    { from: 0, to: 1 },
    { from: 0, to: 2 },
  ];
  const { tails, tips, count } = segmentsOf(links, drawn);
  expect(count).toBe(1);
  expect([...tails.subarray(0, 3), ...tips.subarray(0, 3)]).toEqual([0, 1, 0, 4, 5, 0]);
});
