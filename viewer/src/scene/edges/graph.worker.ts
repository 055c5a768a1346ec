import type { Edges } from '../../bundle/bundle';
import { buildAdjacency, pairsOf, type EdgeQuery } from './adjacency';
import { neighboursWithin, type Growth } from './grow';

export type GraphAsk =
  | { readonly edges: Edges; readonly nCells: number }
  | { readonly query: EdgeQuery; readonly ticket: number }
  | { readonly growth: Growth; readonly order: number };

let edges: Edges = { sources: new Uint32Array(0), targets: new Uint32Array(0) };
let nCells = 0;

/** Goes through all edges in a worker: once to sort them, and once for each part to draw. */
addEventListener('message', ({ data }: MessageEvent<GraphAsk>) => {
  if ('edges' in data) {
    ({ edges, nCells } = data);
    const { starts, sources, backStarts } = buildAdjacency(edges, nCells);
    postMessage(
      { starts, sources, backStarts },
      { transfer: [starts.buffer, sources.buffer, backStarts.buffer] },
    );
  } else if ('growth' in data) {
    const grown = neighboursWithin(edges, nCells, data.growth);
    postMessage({ grown, order: data.order }, { transfer: [grown.buffer] });
  } else {
    const { pairs, total } = pairsOf(edges, nCells, data.query);
    postMessage({ pairs, total, ticket: data.ticket }, { transfer: [pairs.buffer] });
  }
});
