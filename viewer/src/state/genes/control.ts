import type { Bundle } from '../../bundle/bundle';
import type { GroupStatistics } from '../../bundle/statistics';

/** As in scanpy. */
const N_BINS = 25;
const OF_EACH_BIN = 50;
/** Each is loaded, so there are no more than this. */
const MOST = 200;

/** The genes that a score compares with. */
export interface Control {
  readonly genes: readonly number[];
  /** Whether their means are similar to those of the list. */
  readonly isBinned: boolean;
}

/**
 * Control genes for a list, always the same ones. As `scanpy.tl.score_genes`, from the bins of similar means that
 * have genes of the list, but no more than 200 in all; if there are no means, 50 of all genes.
 */
export async function chooseControl(bundle: Bundle, list: readonly number[]): Promise<Control> {
  const means = bundle.statistics ? await meansOf(bundle.statistics, bundle.nGenes) : null;
  const own = new Set(list);
  if (!means) {
    const others = Array.from({ length: bundle.nGenes }, (_, gene) => gene).filter((gene) => !own.has(gene));
    return { genes: draw(others, OF_EACH_BIN, randomFrom(0)), isBinned: false };
  }
  const bins = binsOf(means);
  const random = randomFrom(0);
  const wanted = [...new Set(list.map((gene) => bins[gene]))].sort((a, b) => a - b);
  const perBin = Math.min(OF_EACH_BIN, Math.max(1, Math.floor(MOST / wanted.length)));
  const genes = wanted.flatMap((bin) => {
    const similar = [...bins.keys()].filter((gene) => bins[gene] === bin && !own.has(gene));
    return draw(similar, perBin, random);
  });
  return { genes, isBinned: true };
}

/** Means over the cells of all groups together; null if no grouping has them. */
async function meansOf(statistics: GroupStatistics, nGenes: number): Promise<Float64Array | null> {
  const { groupings } = statistics;
  const grouping = groupings.findIndex(
    ({ tables, hasMeans, nCells }, at) => tables === at && hasMeans && nCells,
  );
  const nCells = groupings[grouping]?.nCells;
  if (!nCells) return null;
  const total = nCells.reduce((sum, count) => sum + count, 0);
  const means = new Float64Array(nGenes);
  await statistics.each(['means'], grouping, (start, [table]) => {
    for (let at = 0; at < table.length; at++) {
      const count = nCells[at % nCells.length];
      // A group without cells has no mean.
      if (count > 0) means[start + Math.floor(at / nCells.length)] += (count / total) * table[at];
    }
  });
  return means;
}

/** The bin of each gene by its rank, equal means having the lowest. */
export function binsOf(means: Float64Array): Int32Array {
  const order = Array.from(means.keys()).sort((a, b) => means[a] - means[b]);
  const perBin = Math.max(1, roundHalfEven(means.length / (N_BINS - 1)));
  const bins = new Int32Array(means.length);
  let rank = 1;
  order.forEach((gene, at) => {
    if (at > 0 && means[gene] !== means[order[at - 1]]) rank = at + 1;
    bins[gene] = Math.floor(rank / perBin);
  });
  return bins;
}

function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return value % 1 === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}

/** Some of the genes without replacement, in their order. */
function draw(genes: readonly number[], count: number, random: () => number): number[] {
  const left = [...genes];
  const drawn: number[] = [];
  while (drawn.length < count && left.length > 0) {
    const at = Math.floor(random() * left.length);
    drawn.push(left[at]);
    left[at] = left[left.length - 1];
    left.pop();
  }
  return drawn.sort((a, b) => a - b);
}

/** The same numbers from 0 to 1 for the same seed: “mulberry32”, by Tommy Ettinger. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
