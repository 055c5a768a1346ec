import { gzip, json, toBytes, type MapFiles } from './map_files';
import { streamBundle } from './stream_fixture';

/** The values of the four genes of `packedBundle`. */
export const VALUES = [
  [0, 1.5, 0, -2, 0],
  [1, 2, 3, 4, 5],
  [0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0.25],
];

function shuffled(values: Uint32Array | Float32Array | Uint8Array | Uint16Array): Uint8Array {
  const bytes = toBytes(values);
  const width = values.BYTES_PER_ELEMENT;
  return bytes.map((_, at) => bytes[(at % values.length) * width + Math.floor(at / values.length)]);
}

function block(values: readonly number[], dtype: 'float32' | 'uint8') {
  const rows = values.flatMap((value, row) => (value ? [row] : []));
  const stored = rows.map((row) => values[row]);
  const gaps = Uint32Array.from(rows, (row, at) => row - (at ? rows[at - 1] : -1) - 1);
  const [low, high] = stored.length ? [Math.min(...stored), Math.max(...stored)] : [0, 0];
  const codes =
    dtype === 'float32'
      ? Float32Array.from(stored)
      : Uint8Array.from(stored, (value) => (high > low ? ((value - low) / (high - low)) * 255 : 0));
  const bytes = gzip(toBytes(Buffer.concat([shuffled(gaps), shuffled(codes)])));
  return { bytes, count: rows.length, low, high };
}

/** The bundle of `streamBundle` in the packed layout: its genes in shards of three and one. */
export function packedBundle(dtype: 'float32' | 'uint8' = 'float32'): MapFiles {
  const blocks = VALUES.map((values) => block(values, dtype));
  const shard = (path: string, start: number, end: number) => ({ path, start, end, size_bytes: 0 });
  const files = streamBundle((atlas) => {
    atlas.version = 2;
    (atlas.genes as Record<string, unknown>).expression = {
      encoding: 'gaps',
      dtype,
      index: { path: 'a/index.bin.gz', size_bytes: 0 },
      shards: [shard('a/0.bin', 0, 3), shard('a/1.bin', 3, 4)],
    };
  });
  const column = (name: 'low' | 'high') => Float32Array.from(blocks, (each) => each[name]);
  const index = [
    Uint32Array.from(blocks, ({ count }) => count),
    Uint32Array.from(blocks, ({ bytes }) => bytes.length),
    ...(dtype === 'float32' ? [] : [column('low'), column('high')]),
  ];
  files.files.set('manifest.json', json({ stream: { version: 2, path: 'atlas.json' } }));
  files.files.set('a/index.bin.gz', gzip(toBytes(Buffer.concat(index.map(toBytes)))));
  const joined = (some: typeof blocks) => toBytes(Buffer.concat(some.map(({ bytes }) => bytes)));
  files.files.set('a/0.bin', joined(blocks.slice(0, 3)));
  files.files.set('a/1.bin', joined(blocks.slice(3)));
  return files;
}
