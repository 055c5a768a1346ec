import { describe, expect, test } from 'vitest';
import { openBundle } from '../../src/bundle/open';
import { valuesText } from '../../src/ui/about/values_text';
import { anndataStore, chunksOf } from '../anndata_fixture';
import { cellucidExport } from '../cellucid_fixture';
import { json, text } from '../map_files';
import { HOSTILE, streamBundle } from '../stream_fixture';

const NOTHING = {
  description: '',
  citation: '',
  license: '',
  doi: '',
  source: { name: '', url: '' },
  organism: '',
  schema: { version: '', reference: '' },
  values: null,
};
const ABOUT = {
  description: 'What it is.',
  citation: 'Doe (2024)',
  license: 'CC-BY-4.0',
  doi: '10.1000/example',
  source: { name: 'Our lab', url: 'https://example.org' },
  organism: 'Homo sapiens',
  schema: { version: '5.2.0', reference: 'https://example.org/schema' },
  values: { matrix: 'X', kind: 'counts' },
};
const SCRIPT = HOSTILE[0];

describe('a KaroSpace bundle', () => {
  test('tells what the data are', async () => {
    const bundle = await openBundle(
      streamBundle((atlas) => (atlas.about = { title: 'Five cells', ...ABOUT })),
    );
    expect([bundle.name, bundle.title]).toEqual(['five', 'Five cells']);
    expect(await bundle.about()).toEqual(ABOUT);
  });

  test('tells what the export did to the values', async () => {
    const values = { matrix: 'X', kind: 'normalised', normalized_to: 10_000, log1p: true };
    const bundle = await openBundle(streamBundle((atlas) => (atlas.about = { ...ABOUT, values })));
    const found = (await bundle.about()).values;
    expect(found).toEqual({ matrix: 'X', kind: 'normalised', total: 10_000, log1p: true });
    expect(valuesText(found!)).toBe(
      'X holds normalised values, made by the export: counts scaled to 10,000 a cell, then log1p',
    );
    const odd = { ...values, normalized_to: '<b>', log1p: 1 };
    const other = await openBundle(streamBundle((atlas) => (atlas.about = { ...ABOUT, values: odd })));
    expect(valuesText((await other.about()).values!)).toBe('X holds normalised values');
  });

  test('names its file of sums, and loads it when somebody asks', async () => {
    const files = streamBundle((atlas) => {
      const about = { columns: ['sample', 'type'], matrix: 'layers/counts', n_combinations: 4 };
      atlas.pseudobulk = { path: 'pseudobulk.h5ad', size_bytes: 3, ...about };
    });
    files.files.set('pseudobulk.h5ad', Uint8Array.of(1, 2, 3));
    const { sums } = await openBundle(files);
    expect(sums).toMatchObject({ name: 'pseudobulk.h5ad', nBytes: 3, columns: ['sample', 'type'] });
    expect(sums).toMatchObject({ matrix: 'layers/counts', nCombinations: 4 });
    expect(files.asked).not.toContain('pseudobulk.h5ad');
    expect([...(await sums!.load())]).toEqual([1, 2, 3]);
  });

  test('without texts has its name for a title', async () => {
    const bundle = await openBundle(streamBundle());
    expect(bundle.title).toBe('five');
    expect(await bundle.about()).toEqual(NOTHING);
  });

  test.each([
    null,
    'text',
    [],
    { title: 3, description: {}, source: 'x', schema: [1], values: { kind: 'other' } },
    { title: ' \n ', source: { name: [], url: null }, values: { matrix: 'X', kind: '__proto__' } },
  ])('passes over %o', async (about) => {
    const bundle = await openBundle(streamBundle((atlas) => (atlas.about = about)));
    expect(bundle.title).toBe('five');
    expect(await bundle.about()).toEqual(NOTHING);
  });

  test('keeps texts short, and takes out what cannot be seen', async () => {
    const about = {
      title: `${SCRIPT}\n${'t'.repeat(1_000_000)}`,
      description: 'a\r\nb\u0000\u202ec' + 'd'.repeat(1_000_000),
      license: 'l'.repeat(1_000_000),
    };
    const bundle = await openBundle(streamBundle((atlas) => (atlas.about = about)));
    const found = await bundle.about();
    expect([bundle.title.length, found.description.length, found.license.length]).toEqual([
      500, 19_998, 2_000,
    ]);
    expect(bundle.title.startsWith(`${SCRIPT} ttt`)).toBe(true);
    expect(found.description.startsWith('a\nbcd')).toBe(true);
    expect(found.description.endsWith('d…')).toBe(true);
    expect(found.license.endsWith('l…')).toBe(true);
  });

  test('reads the report when it is asked for, and not before', async () => {
    const files = streamBundle((atlas) => {
      atlas.created_at = '2026-11-20T10:00:00+00:00';
      atlas.generator = 'karospace-stream 0.1.0';
    });
    files.files.set(
      'report.json',
      json({
        n_cells_source: 50,
        n_genes_source: 4,
        n_objects: 12,
        nbytes: 3456,
        seconds: 1.5,
        options: [['Genes', 'the 4 most variable'], ['Layer'], 'x', [1, 2], ['Leave out', 'uns']],
        findings: [{ code: 'raw-counts', text: 'X holds raw counts' }, { text: 3 }, null],
        values: { matrix: 'X', kind: 'counts' },
      }),
    );
    const bundle = await openBundle(files);
    await bundle.about();
    expect(files.asked).not.toContain('report.json');
    expect(await bundle.receipt()).toEqual({
      generator: 'karospace-stream 0.1.0',
      createdAt: '2026-11-20T10:00:00+00:00',
      nCellsSource: 50,
      nGenesSource: 4,
      nFiles: 12,
      nBytes: 3456,
      seconds: 1.5,
      options: [
        ['Genes', 'the 4 most variable'],
        ['Leave out', 'uns'],
      ],
      notes: ['X holds raw counts'],
      values: { matrix: 'X', kind: 'counts' },
      failure: '',
    });
  });

  test('says what is wrong with a report beside what it knows otherwise', async () => {
    const files = streamBundle((atlas) => (atlas.generator = 'karospace-stream 0.1.0'));
    files.files.set('report.json', text('{cut'));
    const receipt = await (await openBundle(files)).receipt();
    expect(receipt.generator).toBe('karospace-stream 0.1.0');
    expect(receipt.failure).toContain('The file report.json is not JSON');
  });

  test.each([undefined, null, 3, [], { options: { a: 1 }, findings: 'x', n_objects: -1, seconds: 'long' }])(
    'without a report, or with one that says %o, still tells who wrote it',
    async (report) => {
      const files = streamBundle((atlas) => (atlas.generator = 'karospace-stream 0.1.0'));
      if (report !== undefined) files.files.set('report.json', json(report));
      const receipt = await (await openBundle(files)).receipt();
      expect(receipt).toMatchObject({ generator: 'karospace-stream 0.1.0', nFiles: null, seconds: null });
      expect([receipt.options, receipt.notes]).toEqual([[], []]);
    },
  );

  test('bounds a report of endless lists', async () => {
    const files = streamBundle();
    const options = Array.from({ length: 1_000 }, () => ['a', 'b'.repeat(1000)]);
    const findings = Array.from({ length: 10_000 }, () => ({ text: SCRIPT }));
    files.files.set('report.json', json({ options, findings }));
    const receipt = await (await openBundle(files)).receipt();
    expect([receipt.options.length, receipt.notes.length]).toEqual([60, 50]);
    expect(receipt.options[0][1].length).toBe(500);
  });
});

describe('a Cellucid export', () => {
  test('tells what its identity says, and what ours adds', async () => {
    const { description, source, citation, ...about } = ABOUT;
    const files = cellucidExport({
      identity: (identity) => {
        identity.description = description;
        identity.source = { ...source, citation };
        identity.about = { title: 'A title', ...about, description: 'not this one' };
        identity.created_at = '2026-11-20T10:00:00Z';
        identity.cellucid_data_version = 'cellucid 0.0.9';
      },
    });
    const bundle = await openBundle(files);
    expect([bundle.name, bundle.title]).toEqual(['Four cells', 'A title']);
    expect(await bundle.about()).toEqual(ABOUT);
    expect(await bundle.receipt()).toMatchObject({
      generator: 'cellucid 0.0.9',
      createdAt: '2026-11-20T10:00:00Z',
      nGenesSource: 9,
      nFiles: null,
    });
    files.files.set(
      'checksums.json',
      json({
        generator: 'karospace-stream 0.1.0',
        options: {
          genes: 'hvgs:5',
          anno: ['type', 'n'],
          as_labels: ['n'],
          raw: true,
          cellucid: { var_quantization: 8 },
        },
        files: { a: [10, '00000000'], b: [32, '00000000'], c: 'x' },
      }),
    );
    expect(await bundle.receipt()).toMatchObject({
      generator: 'karospace-stream 0.1.0',
      nFiles: 4,
      nBytes: 42,
      options: [
        ['Genes', 'the 5 most variable'],
        ['Annotations', 'type, n'],
        ['Numbers shown as categories', 'n'],
        ['Values of raw', 'yes'],
        ['Bits per gene value', '8'],
      ],
    });
  });

  test.each([null, 3, 'x', []])('shows its cells where these are %o', async (strange) => {
    const identity = (said: Record<string, unknown>) => {
      said.description = said.source = said.about = said.created_at = strange;
    };
    const bundle = await openBundle(cellucidExport({ identity }));
    expect(bundle.title).toBe('Four cells');
    const said = await bundle.about();
    expect({ ...said, description: '' }).toEqual(NOTHING);
  });
});

describe.each([2, 3] as const)('an AnnData in a Zarr store of format %i', (format) => {
  test('tells what uns says, which is read when it is asked for', async () => {
    const files = anndataStore({
      format,
      more: (store) => {
        const dict = { 'encoding-type': 'dict', 'encoding-version': '0.1.0' };
        for (const group of ['cellucid', 'cellucid/source', 'cellucid/citation'])
          store.group(`uns/${group}`, dict);
        const texts = {
          'cellucid/name': 'four',
          'cellucid/description': ABOUT.description,
          'cellucid/source/name': ABOUT.source.name,
          'cellucid/source/url': ABOUT.source.url,
          'cellucid/citation/text': 'another',
          citation: ABOUT.citation,
          license: ABOUT.license,
          doi: ABOUT.doi,
          organism: ABOUT.organism,
          schema_version: ABOUT.schema.version,
          schema_reference: ABOUT.schema.reference,
        };
        for (const [key, text] of Object.entries(texts)) store.scalar(`uns/${key}`, text);
      },
    });
    const bundle = await openBundle(files, { mark: '.zmetadata' });
    expect([bundle.name, bundle.title]).toEqual(['four', 'Four cells']);
    expect(chunksOf(files.asked).length).toBe(2);
    expect(await bundle.about()).toEqual({ ...ABOUT, values: null });
  });

  test('passes over what is no text', async () => {
    const files = anndataStore({
      format,
      more: (store) => {
        store.array('uns/license', Float32Array.of(1, 2));
        store.group('uns/description', { 'encoding-type': 'dict', 'encoding-version': '0.1.0' });
        store.texts('uns/doi', ['10.1000/a', '10.1000/b']);
      },
    });
    const bundle = await openBundle(files, { mark: '.zmetadata' });
    expect(await bundle.about()).toEqual(NOTHING);
    expect(await bundle.receipt()).toMatchObject({ generator: '', nFiles: null });
  });
});
