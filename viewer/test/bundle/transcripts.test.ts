import { describe, expect, test } from 'vitest';
import type { Files } from '../../src/bytes/files';
import { StreamTranscripts } from '../../src/bundle/formats/karospace/stream/tissue/transcripts';
import { nodesInView, Squares } from '../../src/scene/tissue/transcripts/nodes_in_view';
import { gzip, json, MapFiles, toBytes } from '../map_files';

const EMBEDDINGS = [{ origin: [5, 10] }] as never;

/** One gene with a node of two points, its list after it. */
function made(change: { n?: number; depth?: number } = {}) {
  const points = gzip(toBytes(Uint16Array.of(0, 65535, 0, 32768)));
  const list = new DataView(new ArrayBuffer(21));
  list.setUint8(0, change.depth ?? 0);
  list.setUint32(15, points.length, true);
  list.setUint16(19, change.n ?? 2, true);
  const packed = gzip(new Uint8Array(list.buffer));
  const pack = new Uint8Array([...points, ...packed]);
  const genes = { name: ['A'], n: [2], gene: [-1], nodes: [[0, points.length, packed.length]] };
  const files = new MapFiles(
    new Map([
      ['genes.json.gz', gzip(json(genes))],
      ['pack.bin', pack],
    ]),
  );
  const entry = {
    embedding: 0,
    n: 2,
    minimum: [0, 0] as [number, number],
    maximum: [100, 50] as [number, number],
    genes: { path: 'genes.json.gz', size_bytes: 1 },
    packs: [{ path: 'pack.bin', size_bytes: pack.length }],
  };
  return { files, entry };
}

describe('transcripts of a bundle', () => {
  test('points are relative to the origin, in a square of the longer side', async () => {
    const { files, entry } = made();
    const read = new StreamTranscripts(files, entry, EMBEDDINGS);
    expect(await read.genes()).toEqual({ names: ['A'], counts: [2], genes: [-1] });
    const [node] = await read.nodes(0);
    const points = await read.points(node);
    expect([...points].map(Math.round)).toEqual([-5, -10, 95, 40]);
  });

  test('a host without ranges is asked for the whole pack, once', async () => {
    const { files, entry } = made();
    const whole: Files = {
      where: 'memory',
      get: (path, options) => files.get(path, options),
      range: () => Promise.reject(new Error('no ranges here')),
    };
    const read = new StreamTranscripts(whole, entry, EMBEDDINGS);
    const [node] = await read.nodes(0);
    expect(await read.points(node)).toHaveLength(4);
    expect(files.asked.filter((path) => path === 'pack.bin')).toHaveLength(1);
  });

  test('lists that do not fit are damage', async () => {
    const { files, entry } = made({ n: 7 });
    const read = new StreamTranscripts(files, entry, EMBEDDINGS);
    await expect(read.nodes(0)).rejects.toThrow('does not fit the 2 transcripts');
    expect(() => new StreamTranscripts(files, { ...entry, embedding: 3 }, EMBEDDINGS)).toThrow(
      'no embedding 3',
    );
    await expect(
      new StreamTranscripts(
        files,
        { ...entry, packs: [{ path: 'pack.bin', size_bytes: 3 }] },
        EMBEDDINGS,
      ).nodes(0),
    ).rejects.toThrow('must have');
  });
});

describe('nodes in view', () => {
  const squares = new Squares({ minimum: [0, 0], maximum: [1000, 1000] }, [0, 0]);
  const node = (depth: number, column: number, row: number) => ({
    depth,
    column,
    row,
    n: 1,
    pack: 0,
    offset: 0,
    nBytes: 1,
  });
  const nodes = [node(0, 0, 0), node(1, 0, 0), node(1, 1, 1)];

  test('from afar the root is a sample; near, only what is in view', () => {
    const afar = { left: 0, top: 0, right: 1000, bottom: 1000, perUnit: 0.1 };
    expect(nodesInView(nodes, squares, afar, 1)).toEqual({ nodes: [nodes[0]], isSample: true });
    const near = { left: 600, top: 600, right: 900, bottom: 900, perUnit: 2 };
    expect(nodesInView(nodes, squares, near, 1)).toEqual({ nodes: [nodes[0], nodes[2]], isSample: false });
  });
});
