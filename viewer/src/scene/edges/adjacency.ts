import type { Edges } from '../../bundle/bundle';
import type { Numbers } from '../../bytes/numbers';

/**
 * The neighbours of each cell. The edges are sorted by source, so `targets` is already half of the
 * answer; the other half is the sources sorted by target. 4 bytes per edge and 8 per cell.
 */
export interface Adjacency {
  readonly targets: Numbers;
  /** The start of each cell's targets, and their end: one more than there are cells. */
  readonly starts: Uint32Array<ArrayBuffer>;
  readonly sources: Uint32Array<ArrayBuffer>;
  readonly backStarts: Uint32Array<ArrayBuffer>;
}

/** Counts in one pass and fills in a second. Throws for an edge to a cell that does not exist. */
export function buildAdjacency({ sources, targets }: Edges, nCells: number): Adjacency {
  const starts = new Uint32Array(nCells + 1);
  const backStarts = new Uint32Array(nCells + 1);
  for (let edge = 0; edge < sources.length; edge++) {
    if (sources[edge] >= nCells || targets[edge] >= nCells) {
      throw new RangeError(`edge ${edge} joins ${sources[edge]} and ${targets[edge]} of ${nCells} cells`);
    }
    starts[sources[edge] + 1]++;
    backStarts[targets[edge] + 1]++;
  }
  for (let cell = 0; cell < nCells; cell++) {
    starts[cell + 1] += starts[cell];
    backStarts[cell + 1] += backStarts[cell];
  }
  const next = backStarts.slice();
  const sorted = new Uint32Array(sources.length);
  for (let edge = 0; edge < sources.length; edge++) sorted[next[targets[edge]]++] = sources[edge];
  return { targets, starts, sources: sorted, backStarts };
}

/** The cells that share an edge with a cell. */
export function neighboursOf({ targets, starts, sources, backStarts }: Adjacency, cell: number): number[] {
  return [
    ...sources.subarray(backStarts[cell], backStarts[cell + 1]),
    ...targets.subarray(starts[cell], starts[cell + 1]),
  ];
}

/** Which edges are wanted. */
export interface EdgeQuery {
  /** One byte per cell, 0 is hidden: both ends must be shown. Null shows all. */
  readonly mask: Uint8Array | null;
  /** Ascending; at least one end must be among them. Null: no condition. */
  readonly among: Uint32Array | null;
  /** One byte per cell: at least one end must be 1. Null: no condition. */
  readonly seen: Uint8Array | null;
  /** Of more edges than this, returns an even sample. */
  readonly cap: number;
}

export interface EdgePairs {
  /** Source and target of each edge in turn. */
  readonly pairs: Uint32Array<ArrayBuffer>;
  /** The number of edges before sampling. */
  readonly total: number;
}

export function pairsOf({ sources, targets }: Edges, nCells: number, query: EdgeQuery): EdgePairs {
  const { mask, seen, cap } = query;
  const picked = query.among && bytesOf(query.among, nCells);
  const isWanted = (edge: number) => {
    const [source, target] = [sources[edge], targets[edge]];
    if (mask && (mask[source] === 0 || mask[target] === 0)) return false;
    if (seen && seen[source] === 0 && seen[target] === 0) return false;
    return !picked || picked[source] === 1 || picked[target] === 1;
  };
  let total = sources.length;
  if (mask || picked || seen) {
    total = 0;
    for (let edge = 0; edge < sources.length; edge++) if (isWanted(edge)) total++;
  }
  const kept = Math.min(total, cap);
  const pairs = new Uint32Array(2 * kept);
  // Keep one of every `total / kept` edges.
  let [passed, taken] = [0, 0];
  for (let edge = 0; edge < sources.length && taken < kept; edge++) {
    if (!isWanted(edge)) continue;
    if (Math.floor((passed++ * kept) / total) < taken) continue;
    pairs[2 * taken] = sources[edge];
    pairs[2 * taken + 1] = targets[edge];
    taken++;
  }
  return { pairs, total };
}

function bytesOf(cells: Uint32Array, nCells: number): Uint8Array {
  const bytes = new Uint8Array(nCells);
  for (const cell of cells) bytes[cell] = 1;
  return bytes;
}
