import { describe, expect, test } from 'vitest';
import { dequantise } from '../../src/bundle/formats/cellucid/quantised';
import { collisions, fileKey, fillPattern } from '../../src/bundle/formats/cellucid/names';
import { openBundle } from '../../src/bundle/open';
import { told } from '../cell_value';
import { cellucidExport, GENES } from '../cellucid_fixture';
import { json, text, toBytes } from '../map_files';

describe('a Cellucid export', () => {
  test.each([
    [[2], [undefined, 'type']],
    [undefined, [undefined, undefined]],
    [['2'], [undefined, undefined]],
  ])('names the points whose sections are laid out, here %j', async (dimensions, laidOutBy) => {
    const arranged = { embedding: 'spatial', column: 'type', dimensions, groups: [] };
    const bundle = await openBundle(cellucidExport({ identity: (said) => (said.arranged = arranged) }));
    expect(bundle.embeddings.map((each) => each.laidOutBy)).toEqual(laidOutBy);
    expect(bundle.embeddings.map(({ key }) => key)).toEqual(['3d', '2d']);
    const label = laidOutBy[1] ? 'spatial' : '2-D';
    expect(bundle.embeddings.map((each) => each.label)).toEqual(['3-D', label]);
  });

  test('is described by its manifests', async () => {
    const files = cellucidExport();
    const bundle = await openBundle(files);
    expect(files.asked).toEqual([
      'manifest.json',
      'dataset_identity.json',
      'obs_manifest.json',
      'var_manifest.json',
    ]);
    // The identity counts nine genes, of which five were exported.
    expect([bundle.format, bundle.name, bundle.nCells, bundle.nGenes]).toEqual([
      'Cellucid 2',
      'Four cells',
      4,
      5,
    ]);
    expect(bundle.columns.map(({ name, kind }) => [name, kind])).toEqual([
      ['n counts', 'number'],
      ['type', 'category'],
    ]);
    expect(bundle.notes).toEqual([]);
    expect((await bundle.genes()).names).toEqual(GENES);
    expect(await bundle.ids.get(3)).toBe('3');
  });

  test.each([
    { bits: null, zipped: false },
    { bits: null, zipped: true },
    { bits: 8, zipped: true },
    { bits: 16, zipped: false },
  ] as const)('gives its values, with %o', async (stored) => {
    const bundle = await openBundle(cellucidExport(stored));
    expect(await bundle.column(0)).toEqual({ kind: 'numbers', values: Float32Array.of(-1, 0, 1, NaN) });
    expect(await bundle.column(1)).toEqual({
      kind: 'codes',
      codes: Uint8Array.of(0, 1, 255, 1),
      missing: 255,
    });
    for (const gene of GENES.keys()) {
      const values = [...(await bundle.expression(gene))];
      // Within a step of the codes.
      [0, gene, 254].forEach((value, cell) => expect(Math.abs(values[cell] - value)).toBeLessThan(0.004));
      expect(values[3]).toBeNaN();
    }
    expect(await bundle.edges()).toEqual({
      sources: Uint16Array.of(0, 0, 2),
      targets: Uint16Array.of(1, 2, 3),
    });
    expect(await Promise.all([1, 2].map((cell) => told(bundle, 1, cell)))).toEqual(['T', '—']);
    expect(await Promise.all([2, 3].map((cell) => told(bundle, 0, cell)))).toEqual(['1', '—']);
  });

  test('has an embedding of each dimension, the default one first, y upwards', async () => {
    const bundle = await openBundle(cellucidExport());
    expect(bundle.embeddings.map(({ key, dims, yAxis }) => [key, dims, yAxis])).toEqual([
      ['3d', 3, 'up'],
      ['2d', 2, 'up'],
    ]);
    expect(bundle.embeddings[1]).toMatchObject({ minimum: [-1, -1], maximum: [1, 1], origin: [0, 0] });
    const shares: number[] = [];
    const points = await bundle.coordinates(1, (share) => shares.push(share));
    expect([...points]).toEqual([-1, 0, 1, 0.5, 0, -0.5, NaN, 0]);
    expect(shares.at(-1)).toBe(1);
    // Known only from the points themselves.
    expect(bundle.embeddings[1]).toMatchObject({ minimum: [-1, -0.5], maximum: [1, 0.5] });
  });

  test('has each vector field once for every dimension, the default field first', async () => {
    const bundle = await openBundle(cellucidExport());
    expect(bundle.vectors.map(({ key, label, embedding }) => [key, label, embedding])).toEqual([
      ['velocity_umap_3d', 'Velocity (UMAP)', 0],
      ['velocity_umap_2d', 'Velocity (UMAP)', 1],
      ['T_fwd_2d', 'T fwd', 1],
    ]);
    expect(await bundle.vector(0)).toEqual(new Float32Array(12).fill(1));
    expect(await bundle.vector(2)).toEqual(new Float32Array(8).fill(3));
    expect(bundle.graph).toEqual({ label: 'connectivities', nEdges: 3 });
  });

  test('has centroids by embedding, of categories that there are', async () => {
    const [, column] = (await openBundle(cellucidExport())).columns;
    expect(column).toMatchObject({
      centroids: [[{ category: 0, position: [1, 0, 0] }], [{ category: 1, position: [0.5, -0.5] }]],
    });
  });

  test('may have no genes, no graph, no vectors and no columns', async () => {
    const files = cellucidExport({
      identity: (identity) => {
        identity.stats = { n_cells: 4, n_genes: 0, has_connectivity: false, n_edges: null };
        identity.obs_fields = [];
        delete identity.vector_fields;
      },
    });
    const bundle = await openBundle(files);
    expect([bundle.nGenes, bundle.graph, bundle.vectors, bundle.columns]).toEqual([0, null, [], []]);
    expect(await bundle.genes()).toEqual({ names: [], ids: null });
    expect(files.asked).toEqual(['manifest.json', 'dataset_identity.json']);
  });

  test('loads a file once', async () => {
    const files = cellucidExport({ bits: 8 });
    const bundle = await openBundle(files);
    files.asked.length = 0;
    await Promise.all([bundle.column(0), bundle.column(0)]);
    await bundle.expression(1);
    await bundle.expression(1);
    expect(files.asked).toEqual(['obs/n_counts.values.u8', 'var/HLA-A_B.values.u8']);
  });

  test('says when names share a file', async () => {
    const files = cellucidExport({
      genes: (manifest) => (manifest.fields = [['a b'], ['x'], ['a/b'], ['a?b']]),
    });
    expect((await openBundle(files)).notes).toEqual([
      expect.stringMatching(/“a b” and “a\/b”, “a b” and “a\?b” share one file/),
    ]);
  });
});

describe('names of files', () => {
  test.each([
    ['n counts', 'n_counts'],
    ['HLA-A/B', 'HLA-A_B'],
    ['../../x', 'x'],
    ['__proto__', 'proto'],
    ['..', 'field'],
    ['', 'field'],
    ['αβγ', 'field'],
    ['a\u{1F600}b', 'a_b'],
    ['.hidden_', 'hidden'],
  ])('%j is %j', (key, name) => {
    expect(fileKey(key)).toBe(name);
  });

  test('fill a pattern as they are, whatever they look like', () => {
    expect(fillPattern('obs/{key}.codes.{ext}', { key: '$&{ext}', ext: 'u8' })).toBe('obs/$&{ext}.codes.u8');
    expect(fillPattern('{toString}', {})).toBe('{toString}');
  });

  test('collide where the rule makes them the same', () => {
    expect(collisions(['a', 'b', 'a.', '_a'])).toEqual([
      ['a', 'a.'],
      ['a', '_a'],
    ]);
  });
});

test.each([8, 16])('codes of %d bits stand for values within half a step, and the last for none', (bits) => {
  const [low, high] = [-3, 11];
  const top = 2 ** bits - 2;
  const values = Array.from({ length: 200 }, (_, at) => low + ((high - low) * at) / 199);
  const codes = values.map((value) => Math.trunc(((value - low) * top) / (high - low)));
  const array = bits === 8 ? Uint8Array.from([...codes, 255]) : Uint16Array.from([...codes, 65535]);
  const back = dequantise(array, low, high);
  const step = (high - low) / top;
  values.forEach((value, at) => expect(Math.abs(back[at] - value)).toBeLessThanOrEqual(step * 1.001 + 1e-5));
  expect(back[0]).toBe(low);
  expect(back[199]).toBe(high);
  expect(back[200]).toBeNaN();
});

describe('what is broken in a Cellucid export is named', () => {
  test.each([
    ['another version', { version: 1 }, /dataset_identity\.json, at version: must be 2, not 1/],
    ['no number of cells', { stats: {} }, /dataset_identity\.json, at stats\.n_cells/],
    [
      'points of four dimensions',
      { embeddings: { available_dimensions: [4], default_dimension: 4, files: {} } },
      /at embeddings\.available_dimensions\.0/,
    ],
    [
      'points without a file',
      { embeddings: { available_dimensions: [2], default_dimension: 2, files: {} } },
      /names no file for the points in 2-D/,
    ],
    ['vectors of no shape', { vector_fields: { fields: { a: 1 } } }, /vector_fields\), at 0\.1/],
  ])('in the identity: %s', async (_, change, message) => {
    const files = cellucidExport({ identity: (identity) => Object.assign(identity, change) });
    await expect(openBundle(files)).rejects.toThrow(message);
  });

  test('manifests of another number of cells', async () => {
    await expect(openBundle(cellucidExport({ obs: (obs) => (obs.n_points = 5) }))).rejects.toThrow(
      /obs_manifest\.json has 5 cells, but must have 4/,
    );
    await expect(openBundle(cellucidExport({ genes: (genes) => (genes.n_points = 3) }))).rejects.toThrow(
      /var_manifest\.json has 3 cells/,
    );
  });

  test('a manifest that is missing', async () => {
    const files = cellucidExport();
    files.files.delete('obs_manifest.json');
    await expect(openBundle(files)).rejects.toThrow(/obs_manifest\.json is missing/);
  });

  test('a file of another length, and one that is missing', async () => {
    const files = cellucidExport();
    files.files.set('var/Actb.values.f32', toBytes(new Float32Array(3)));
    files.files.delete('var/x.values.f32');
    const bundle = await openBundle(files);
    await expect(bundle.expression(0)).rejects.toThrow(/Actb\.values\.f32 has 12 bytes, but must have 16/);
    await expect(bundle.expression(2)).rejects.toThrow(/var\/x\.values\.f32 is missing/);
  });

  test('a code without a category', async () => {
    const files = cellucidExport();
    files.files.set('obs/type.codes.u8', Uint8Array.of(0, 2, 255, 1));
    await expect((await openBundle(files)).column(1)).rejects.toThrow(
      /cell 1 has the category 2, but “type” has only 2 categories/,
    );
  });

  test('a quantised gene without a range', async () => {
    const files = cellucidExport({ bits: 8, genes: (genes) => (genes.fields = [['Actb']]) });
    await expect((await openBundle(files)).expression(0)).rejects.toThrow(/lacks the range of “Actb”/);
  });

  test('a pattern that leaves the folder', async () => {
    const files = cellucidExport({
      genes: (genes) => ((genes._varSchema as { pathPattern: string }).pathPattern = '../{key}.f32'),
    });
    await expect((await openBundle(files)).expression(0)).rejects.toThrow(
      /outside its folder: \.\.\/Actb\.f32/,
    );
  });

  test('edges to cells that there are not', async () => {
    const files = cellucidExport();
    files.files.set('connectivity/edges.dst.bin', toBytes(Uint16Array.of(1, 2, 4)));
    await expect((await openBundle(files)).edges()).rejects.toThrow(/edge 2 goes from cell 2 to cell 4 of 4/);
  });

  test('an identity that is no JSON', async () => {
    const files = cellucidExport();
    files.files.set('dataset_identity.json', text('{"version": 2,'));
    await expect(openBundle(files)).rejects.toThrow(/dataset_identity\.json is not JSON/);
    files.files.set('dataset_identity.json', json([]));
    await expect(openBundle(files)).rejects.toThrow(/dataset_identity\.json/);
  });
});
