import type { TranscriptNode, Transcripts } from '../../../bundle/tissue';

/** A box in the coordinates of the cells, relative to the origin of the embedding. */
export interface ViewBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** Pixels of a unit. */
  readonly perUnit: number;
}

/** The children of a node are drawn once its side is as long: its points are then about three pixels apart. */
const SIDE_PIXELS = 260;
/** With more genes, fewer points of each: a screen has only so many pixels. */
const GENES_IN_FULL = 4;

/** The nodes that are drawn, from the top down, and whether nodes in view are left out because of their depth. */
export interface NodesInView {
  readonly nodes: readonly TranscriptNode[];
  readonly isSample: boolean;
}

/** The nodes in a box, down to the depth at which there is about a point for every few pixels. */
export function nodesInView(
  nodes: readonly TranscriptNode[],
  squares: Squares,
  box: ViewBox,
  nGenes: number,
): NodesInView {
  const side = SIDE_PIXELS * Math.sqrt(Math.max(1, nGenes / GENES_IN_FULL));
  const wanted: TranscriptNode[] = [];
  let isSample = false;
  for (const node of nodes) {
    if (!squares.meets(node, box)) continue;
    // The side of the node above.
    if (node.depth > 0 && 2 * squares.side(node) * box.perUnit < side) isSample = true;
    else wanted.push(node);
  }
  return { nodes: wanted, isSample };
}

/** The squares of nodes. */
export class Squares {
  readonly #side: number;

  constructor(
    { minimum, maximum }: Pick<Transcripts, 'minimum' | 'maximum'>,
    readonly origin: readonly number[],
  ) {
    this.minimum = [minimum[0] - origin[0], minimum[1] - origin[1]];
    this.#side = Math.max(maximum[0] - minimum[0], maximum[1] - minimum[1]) || 1;
  }

  /** Relative to the origin. */
  readonly minimum: readonly [number, number];

  side({ depth }: TranscriptNode): number {
    return this.#side / 2 ** depth;
  }

  meets(node: TranscriptNode, { left, top, right, bottom }: Omit<ViewBox, 'perUnit'>): boolean {
    const side = this.side(node);
    const x = this.minimum[0] + node.column * side;
    const y = this.minimum[1] + node.row * side;
    return x <= right && x + side >= left && y <= bottom && y + side >= top;
  }
}
