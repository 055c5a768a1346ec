import { describe, expect, test } from 'vitest';
import { openBundle } from '../../src/bundle/open';
import { gzip, json, toBytes } from '../map_files';
import { told } from '../cell_value';
import { HOSTILE, streamBundle } from '../stream_fixture';

describe('a bundle with a stream layer', () => {
  test('is described by its atlas alone', async () => {
    const files = streamBundle();
    const bundle = await openBundle(files);
    expect(files.asked).toEqual(['manifest.json', 'atlas.json']);
    expect([bundle.name, bundle.nCells, bundle.nGenes, bundle.images]).toEqual(['five', 5, 4, []]);
    expect(bundle.columns.map(({ name, kind }) => [name, kind])).toEqual([
      ['__proto__', 'category'],
      ['area', 'number'],
      ['primary', 'bool'],
      ['barcode', 'string'],
    ]);
    expect(bundle.embeddings[0]).toMatchObject({ yAxis: 'down', origin: [1000, 2000] });
  });

  test('says what was left out, where its report does', async () => {
    const part = { part: 'obs:score', reason: 'not chosen', way_out: '--anno all', by_user: false };
    const files = streamBundle();
    expect(await (await openBundle(files)).leftOut?.()).toBe(null);
    files.files.set('report.json', json({ format: 'karospace-report', left_out: [part] }));
    expect(await (await openBundle(files)).leftOut?.()).toEqual([part]);
    files.files.set('report.json', json({ format: 'karospace-report' }));
    expect(await (await openBundle(files)).leftOut?.()).toBe(null);
  });

  test('joins coordinates, columns and genes from their parts', async () => {
    const bundle = await openBundle(streamBundle());
    expect([...(await bundle.coordinates(0))]).toEqual([-1, -1, 0, 0, NaN, NaN, 1, 1, 0.5, -0.5]);
    expect(await bundle.column(0)).toEqual({
      kind: 'codes',
      codes: Uint8Array.of(0, 1, 255, 1, 1),
      missing: 255,
    });
    expect(await bundle.column(1)).toEqual({ kind: 'numbers', values: Float64Array.of(1, NaN, 3, 4, 1.5) });
    expect([...(await bundle.expression(1))]).toEqual([0, 1, 2, 3, 4]);
    expect((await bundle.genes()).names).toEqual(HOSTILE);
  });

  test('has a second name for each gene, where the table has', async () => {
    const files = streamBundle();
    expect((await (await openBundle(files)).genes()).ids).toBe(null);
    const ids = HOSTILE.map((_, gene) => `ENSG${gene}`);
    files.files.set('a/genes.json.gz', gzip(json({ name: HOSTILE, id: ids })));
    expect(await (await openBundle(files)).genes()).toEqual({ names: HOSTILE, ids });
    files.files.set('a/genes.json.gz', gzip(json({ name: HOSTILE, id: ids.slice(1) })));
    await expect((await openBundle(files)).genes()).rejects.toThrow('names 3 genes, but atlas.json says 4');
  });

  test('has the numbers of variable genes, where the table has', async () => {
    const files = streamBundle();
    const variable = { flavor: 'seurat', columns: { dispersions_norm: [2, 1.5, null, 0] } };
    files.files.set('a/genes.json.gz', gzip(json({ name: HOSTILE, variable })));
    expect((await (await openBundle(files)).genes()).variable).toEqual(variable);
    variable.columns.dispersions_norm.pop();
    files.files.set('a/genes.json.gz', gzip(json({ name: HOSTILE, variable })));
    await expect((await openBundle(files)).genes()).rejects.toThrow('names 3 genes, but atlas.json says 4');
  });

  test('tells the text of one cell from one part, once, and then of all cells of the part at once', async () => {
    const files = streamBundle();
    const bundle = await openBundle(files);
    files.asked.length = 0;
    const note = bundle.texts(3);
    expect([bundle.ids.known(4), bundle.ids.nbytes(4), note.known(4)]).toEqual([undefined, 10, undefined]);
    expect(await Promise.all([bundle.ids.get(4), bundle.ids.get(3), note.get(4)])).toEqual(['c4', 'c3', 'e']);
    expect([bundle.ids.known(3), bundle.ids.nbytes(3), note.known(3)]).toEqual(['c3', 0, 'd']);
    expect(bundle.ids.known(0)).toBe(undefined);
    expect(files.asked).toEqual(['a/ids_1.bin.gz', 'a/string_1.bin.gz']);
  });

  test('knows what is missing from what is empty', async () => {
    const bundle = await openBundle(streamBundle());
    expect(await told(bundle, 0, 2)).toBe('—');
    expect(await told(bundle, 1, 1)).toBe('—');
    expect(await told(bundle, 2, 2)).toBe('—');
    expect(await told(bundle, 3, 0)).toBe('α');
    expect(await told(bundle, 3, 1)).toBe(null);
    expect(await told(bundle, 3, 2)).toBe('');
  });

  test('reports how much of the coordinates has come', async () => {
    const files = streamBundle();
    const shares: number[] = [];
    await (await openBundle(files)).coordinates(0, (share) => shares.push(share));
    expect(shares.at(-1)).toBe(1);
  });
});

describe('a neighbour graph and vector fields', () => {
  const part = (path: string, start: number, end: number) => ({ path, start, end, size_bytes: 2 });
  const withGraph = (change: (atlas: Record<string, unknown>) => void = () => {}) => {
    const files = streamBundle((atlas) => {
      atlas.graph = {
        key: 'connectivities',
        n_edges: 3,
        max_neighbors: 2,
        dtype: 'uint16',
        sources: [part('g/s0', 0, 2), part('g/s1', 2, 3)],
        targets: [part('g/t0', 0, 2), part('g/t1', 2, 3)],
      };
      atlas.vectors = [
        {
          key: 'velocity',
          label: 'Velocity',
          embedding: 0,
          dims: 2,
          dtype: 'float32',
          parts: [part('g/v', 0, 5)],
        },
      ];
      change(atlas);
    });
    files.files.set('g/s0', gzip(toBytes(Uint16Array.of(0, 0))));
    files.files.set('g/s1', toBytes(Uint16Array.of(3)));
    files.files.set('g/t0', toBytes(Uint16Array.of(1, 4)));
    files.files.set('g/t1', toBytes(Uint16Array.of(4)));
    files.files.set('g/v', gzip(toBytes(Float32Array.of(1, 2, NaN, NaN, 0, 0, 0, 0, 5, 6))));
    return files;
  };

  test('are joined from their parts', async () => {
    const bundle = await openBundle(withGraph());
    expect(bundle.graph).toEqual({ label: 'connectivities', nEdges: 3 });
    expect(bundle.vectors).toEqual([{ key: 'velocity', label: 'Velocity', embedding: 0 }]);
    const shares: number[] = [];
    expect(await bundle.edges((share) => shares.push(share))).toEqual({
      sources: Uint16Array.of(0, 0, 3),
      targets: Uint16Array.of(1, 4, 4),
    });
    expect(shares.at(-1)).toBe(1);
    expect([...(await bundle.vector(0))]).toEqual([1, 2, NaN, NaN, 0, 0, 0, 0, 5, 6]);
  });

  test('are none in a bundle that tells of none', async () => {
    const bundle = await openBundle(streamBundle());
    expect([bundle.graph, bundle.vectors]).toEqual([null, []]);
  });

  test('of a graph without edges are empty', async () => {
    const files = withGraph((atlas) => {
      atlas.graph = { key: 'c', n_edges: 0, dtype: 'uint32', sources: [], targets: [] };
    });
    expect(await (await openBundle(files)).edges()).toEqual({
      sources: new Uint32Array(0),
      targets: new Uint32Array(0),
    });
  });

  test.each([
    ['a cell that there is not', [1, 5]],
    ['a cell that is linked to itself', [0, 4]],
    ['pairs out of order', [4, 1]],
  ])('with %s are refused', async (_, targets) => {
    const files = withGraph();
    files.files.set('g/t0', toBytes(Uint16Array.from(targets)));
    await expect((await openBundle(files)).edges()).rejects.toThrow(/neighbours in the graph .* are damaged/);
  });

  test('with parts that leave edges out are refused', async () => {
    const files = withGraph((atlas) => ((atlas.graph as { n_edges: number }).n_edges = 4));
    await expect((await openBundle(files)).edges()).rejects.toThrow(/parts end at edge 3 of 4/);
  });

  test.each([1, -1, 0.5])('of an embedding %d that there is not are refused', async (embedding) => {
    const files = withGraph((atlas) => ((atlas.vectors as { embedding: number }[])[0].embedding = embedding));
    await expect(openBundle(files)).rejects.toThrow(/atlas\.json/);
  });

  test('of other dimensions than their embedding are refused', async () => {
    const files = withGraph((atlas) => ((atlas.vectors as { dims: number }[])[0].dims = 3));
    await expect(openBundle(files)).rejects.toThrow(
      /“velocity” belong to embedding 0 in 3-D, which is in 2-D/,
    );
  });
});

describe('what is broken is named', () => {
  test('a part that is missing', async () => {
    const files = streamBundle();
    files.files.delete('a/category_1.bin.gz');
    await expect((await openBundle(files)).column(0)).rejects.toThrow(/a\/category_1\.bin\.gz is missing/);
  });

  test('a part of another export', async () => {
    const files = streamBundle();
    files.files.set('a/xy_0.bin.gz', toBytes(new Float32Array(4)));
    await expect((await openBundle(files)).coordinates(0)).rejects.toThrow(
      /xy_0\.bin\.gz has 16 bytes, but must have 24/,
    );
  });

  test('strings that are cut short', async () => {
    const files = streamBundle();
    files.files.set('a/ids_0.bin.gz', new Uint8Array(9));
    await expect((await openBundle(files)).ids.get(0)).rejects.toThrow(
      /ids_0\.bin\.gz does not hold 3 strings/,
    );
  });

  test('parts that leave cells out', async () => {
    const files = streamBundle((atlas) => (atlas.n_cells = 6));
    await expect((await openBundle(files)).coordinates(0)).rejects.toThrow(/parts end at cell 5 of 6/);
  });

  test('an atlas of a newer format', async () => {
    const files = streamBundle((atlas) => (atlas.version = 3));
    await expect(openBundle(files)).rejects.toThrow(/atlas\.json, at version: must be \(1 \| 2\), not 3/);
  });

  test('a gene table of another export', async () => {
    const files = streamBundle((atlas) => (atlas.n_genes = 5));
    await expect((await openBundle(files)).genes()).rejects.toThrow(/names 4 genes, but atlas\.json says 5/);
  });
});
