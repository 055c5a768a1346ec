import { describe, expect, it } from 'vitest';
import { titleOf } from '../../src/bundle/formats/registry';
import { coordinatesName } from '../../src/exporter/model/coordinates';
import { missingNames, readNames, readGenes, writeGenes } from '../../src/exporter/model/genes';
import { groupLeftOut } from '../../src/exporter/model/left_out';
import { isUrl, joined, suggestedTarget } from '../../src/exporter/model/path';
import { canRepeat, currentStage, endedSince, isActive, lastName } from '../../src/exporter/model/runs';
import type { Field, Preset, Run, Values } from '../../src/exporter/model/schema';
import { formatBytes, formatRange, formatSeconds } from '../../src/exporter/model/units';
import {
  forAnotherInput,
  formatsOf,
  formatTexts,
  moved,
  presetOf,
  problemsOf,
  valueOf,
  valuesSent,
  withPreset,
  withValue,
} from '../../src/exporter/model/values';

const field = (name: string, more: Partial<Field> = {}): Field => ({
  name,
  flag: `--${name}`,
  section: 'What is exported',
  title: name,
  help: '',
  kind: 'text',
  default: null,
  metavar: '',
  choices: [],
  n_values: 1,
  formats: [],
  names_parts: false,
  ...more,
});
const GENES = field('genes', { default: 'all' });
const GZIP = field('gzip', { kind: 'switch', default: true, section: 'How it is written' });
const ANNO = field('anno', { kind: 'list' });
const LEVEL = field('compression', { kind: 'integer', default: 1, section: 'How it is written' });

describe('values of the form', () => {
  it('hold no default, so that the command line stays short', () => {
    expect(withValue({}, GENES, 'hvgs:5')).toEqual({ genes: 'hvgs:5' });
    expect(withValue({ genes: 'hvgs:5' }, GENES, 'all')).toEqual({});
    expect(withValue({}, GZIP, false)).toEqual({ gzip: false });
    expect(withValue({ gzip: false }, GZIP, true)).toEqual({});
    expect(withValue({ compression: '6' }, LEVEL, '1')).toEqual({});
    expect(withValue({ anno: ['a'] }, ANNO, [])).toEqual({});
    expect(withValue({ anno: ['a'] }, ANNO, null)).toEqual({});
  });

  it('are their defaults where nothing was set', () => {
    expect(valueOf({}, GZIP)).toBe(true);
    expect(valueOf({}, ANNO)).toEqual([]);
    expect(valueOf({}, field('raw', { kind: 'switch', default: false }))).toBe(false);
    expect(valueOf({}, field('name'))).toBe('');
  });

  it('that name parts of one input are forgotten with another; words for every input stay', () => {
    const naming = ['arrange_by', 'anno', 'graph', 'genes', 'raw', 'image_placement', 'vectors', 'coords'];
    const fields = [...naming.map((name) => field(name, { names_parts: true })), GZIP, LEVEL];
    const named: Values = {
      arrange_by: 'section',
      anno: ['kind', 'all'],
      graph: 'distances',
      genes: 'list:markers.txt',
      raw: true,
      image_placement: ['1', '1', '0', '0'],
    };
    const general: Values = { vectors: ['none'], coords: 'auto', gzip: false, compression: '6' };
    expect(forAnotherInput({ ...named, ...general }, fields)).toEqual(general);
    const words: Values = { anno: ['all'], genes: 'hvgs:500', graph: 'none' };
    expect(forAnotherInput(words, fields)).toEqual(words);
  });

  it('are sent with the formats that they go with, and kept for them', () => {
    const bits = field('var_quantization', { formats: ['cellucid'] });
    const latent = field('latent', { formats: ['cellucid', 'anndata'] });
    const fields = [GENES, bits, latent];
    const values = { genes: 'hvgs:5', var_quantization: '8', latent: 'X_pca' };
    expect(valuesSent(values, fields)).toEqual({ genes: 'hvgs:5' });
    const [stores, both] = [{ format: ['anndata'] }, { format: ['karospace', 'cellucid=b'] }];
    expect(valuesSent({ ...values, ...stores }, fields)).toEqual({
      genes: 'hvgs:5',
      latent: 'X_pca',
      ...stores,
    });
    expect(valuesSent({ ...values, ...both }, fields)).toEqual({ ...values, ...both });
  });

  it('find their problems', () => {
    const problems = [
      { field: 'genes', message: 'one' },
      { field: 'target', message: 'two' },
    ];
    expect(problemsOf(problems, 'genes')).toEqual(['one']);
    expect(problemsOf(problems, 'anno')).toEqual([]);
  });

  it('are moved by one place', () => {
    expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c']);
    expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b']);
    expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b']);
    expect(moved(['a', 'b'], 1, 1)).toEqual(['a', 'b']);
  });
});

describe('presets', () => {
  const fields = [GENES, GZIP, ANNO, LEVEL];
  const light: Preset = { name: 'light', title: '', help: '', values: { genes: 'hvgs:500' } };
  const usual: Preset = { name: 'default', title: '', help: '', values: {} };

  it('say what, and leave where and how alone', () => {
    const chosen: Values = { genes: 'top_mean:3', anno: ['a'], gzip: false };
    expect(withPreset(chosen, light, fields)).toEqual({ genes: 'hvgs:500', gzip: false });
    expect(withPreset(chosen, usual, fields)).toEqual({ gzip: false });
  });

  it('leave alone what somebody wrote about the data', () => {
    const title = field('title', { section: 'What people read about the data' });
    expect(withPreset({ title: 'A title' }, light, [...fields, title])).toEqual({
      genes: 'hvgs:500',
      title: 'A title',
    });
  });

  it('are recognised', () => {
    expect(presetOf({ gzip: false }, [light, usual], fields)).toBe('default');
    expect(presetOf({ genes: 'hvgs:500' }, [light, usual], fields)).toBe('light');
    expect(presetOf({ anno: ['a'] }, [light, usual], fields)).toBeNull();
  });
});

describe('formats', () => {
  it('have places of their own', () => {
    expect([...formatsOf({})]).toEqual([['karospace', '']]);
    const both = formatsOf({ format: ['karospace', 'cellucid=/a=b'] });
    expect([...both]).toEqual([
      ['karospace', ''],
      ['cellucid', '/a=b'],
    ]);
    expect(formatTexts(both)).toEqual(['karospace', 'cellucid=/a=b']);
    expect(formatTexts(new Map([['karospace', '']]))).toEqual([]);
    expect(formatTexts(new Map([['cellucid', '']]))).toEqual(['cellucid']);
  });
});

describe('genes', () => {
  it('are read from the option and written back', () => {
    for (const value of ['all', 'none', 'hvgs:500', 'top_mean:', 'list:/a:b/c.txt']) {
      expect(writeGenes(readGenes(value))).toBe(value);
    }
    expect(readGenes('list:/a:b')).toEqual({ mode: 'list', text: '/a:b' });
  });

  it('are read from what people paste', () => {
    const known = new Set(['CD3D', 'MS4A1', 'a, b', ' odd']);
    expect(readNames('\uFEFFCD3D\r\n\n  MS4A1 \nCD3D', known)).toEqual(['CD3D', 'MS4A1']);
    expect(readNames('CD3D, "MS4A1"\tX;Y', known)).toEqual(['CD3D', 'MS4A1', 'X', 'Y']);
    expect(readNames('a, b\n odd', known)).toEqual(['a, b', ' odd']);
    expect(missingNames(['CD3D', 'X'], known)).toEqual(['X']);
  });
});

describe('runs', () => {
  const run = (id: string, state: Run['state'], stages: Run['stages'] = []) => ({ id, state, stages }) as Run;

  it('know their stage', () => {
    const stages = [
      { name: 'reading', done: 4, total: 4 },
      { name: 'writing', done: 1, total: 9 },
    ];
    expect(currentStage(run('a', 'running', stages))).toBe('writing');
    expect(currentStage(run('a', 'running'))).toBe('planning');
    expect(currentStage(run('a', 'running', [{ name: 'x', done: 1, total: 1 }]))).toBe('publishing');
    expect(currentStage(run('a', 'done', stages))).toBe('');
  });

  it('are told of once when they end', () => {
    const before = [run('a', 'running'), run('b', 'done'), run('c', 'waiting')];
    const now = [run('a', 'failed'), run('b', 'done'), run('c', 'running')];
    expect(endedSince(before, now).map(({ id }) => id)).toEqual(['a']);
    expect(endedSince(now, now)).toEqual([]);
  });

  it('are active or can be repeated', () => {
    expect(['waiting', 'running', 'stopping'].every((s) => isActive(run('a', s as Run['state'])))).toBe(true);
    expect(['failed', 'cancelled', 'interrupted'].every((s) => canRepeat(run('a', s as Run['state'])))).toBe(
      true,
    );
    expect(canRepeat(run('a', 'done'))).toBe(false);
  });
});

describe('places', () => {
  it('are suggested beside the input', () => {
    expect(suggestedTarget(['/data/a.b.h5ad'])).toBe('/data/a.b-karospace');
    expect(suggestedTarget(['s3://bucket/a.zarr/'])).toBe('s3://bucket/a-karospace');
    expect(suggestedTarget([''])).toBe('');
    expect(suggestedTarget([])).toBe('');
    expect(suggestedTarget(['/data/lung/'])).toBe('/data/lung-karospace');
    expect(suggestedTarget(['/data/lung/*.h5ad'])).toBe('/data/lung-karospace');
    expect(suggestedTarget(['/data/list.csv'])).toBe('/data/list-karospace');
    expect(suggestedTarget(['/data/lung/a.h5ad', '/data/lung/b.h5ad'])).toBe('/data/lung-karospace');
    expect(suggestedTarget(['/data/lung/p1/a.h5', '/data/lung/p2/a.h5'])).toBe('/data/lung-karospace');
    expect(suggestedTarget(['s3://bucket/a.h5ad', 's3://bucket/b.h5ad'])).toBe('');
    expect(suggestedTarget(['/a.h5ad', '/b.h5ad'])).toBe('');
    expect(suggestedTarget(['C:\\x\\a.h5ad', 'C:\\x\\b.h5ad'])).toBe('C:\\x-karospace');
  });

  it('are joined as their machine does', () => {
    expect(joined('/data', 'x')).toBe('/data/x');
    expect(joined('/', 'x')).toBe('/x');
    expect(joined('C:\\data', 'x')).toBe('C:\\data\\x');
    expect(lastName('C:\\data\\x')).toBe('x');
    expect(lastName('s3://bucket/a/')).toBe('a');
  });

  it('are URLs or not', () => {
    expect(isUrl('s3://bucket')).toBe(true);
    expect(isUrl('C:\\data')).toBe(false);
    expect(isUrl('/a://b')).toBe(false);
  });
});

describe('units', () => {
  it('are written as the command line writes them', () => {
    expect([0, 999, 1000, 1_230_000, 999_900, 2.5e9].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '1 kB',
      '1.23 MB',
      '1000 kB',
      '2.5 GB',
    ]);
    expect([0.44, 12, 185, 7800].map(formatSeconds)).toEqual(['0.4 s', '12 s', '3 min 05 s', '2 h 10 min']);
  });

  it('are a range where nobody knows them yet', () => {
    expect(formatRange([1.23e9, 1.94e9])).toBe('about 1.2 to 1.9 GB');
    expect(formatRange([1.96e9, 2.04e9])).toBe('about 2 GB');
    expect(formatRange([150_000, 2_460_000])).toBe('about 150 kB to 2.5 MB');
    expect(formatRange([996_000, 1_240_000])).toBe('about 1 to 1.2 MB');
    expect(formatRange([12, 12])).toBe('about 12 B');
  });
});

describe('parts that are left out', () => {
  it('are grouped by kind, reason and way out', () => {
    const left = (part: string, reason: string, way_out = '') => ({ part, reason, way_out, by_user: false });
    const parts = [
      left('obs:a:b', 'not chosen', '--anno all takes all'),
      left('uns:pca', 'no part of an export'),
      left('obs:c', 'not chosen', '--anno all takes all'),
      left('raw', 'another matrix is exported'),
      left('obs:d', 'damaged'),
      left('obsm:X_pca', 'only 2 of 50 columns are drawn'),
    ];
    expect(groupLeftOut(parts)).toEqual([
      {
        noun: 'obs columns',
        names: ['a:b', 'c'],
        reason: 'not chosen',
        wayOut: '--anno all takes all',
        isPartial: false,
      },
      { noun: 'entry of uns', names: ['pca'], reason: 'no part of an export', wayOut: '', isPartial: false },
      { noun: '', names: ['raw'], reason: 'another matrix is exported', wayOut: '', isPartial: false },
      { noun: 'obs column', names: ['d'], reason: 'damaged', wayOut: '', isPartial: false },
      {
        noun: 'entry of obsm',
        names: ['X_pca'],
        reason: 'only 2 of 50 columns are drawn',
        wayOut: '',
        isPartial: true,
      },
    ]);
    expect(groupLeftOut([])).toEqual([]);
  });
});

describe('coordinates', () => {
  it('have the names of the viewer', () => {
    expect(coordinatesName('obsm:X_umap')).toBe('UMAP');
    expect(coordinatesName('obsm:X_diffmap')).toBe('Diffusion map');
    expect(coordinatesName('obsm:my_layout')).toBe('my_layout');
    expect(coordinatesName('obs:x,y')).toBe('x, y');
    expect(coordinatesName('obsm:X_umap_2d, obsm:X_umap_3d')).toBe('UMAP 2-D, UMAP 3-D');
  });
});

describe('formats', () => {
  it('have the names that people use', () => {
    expect(['karospace', 'cellucid', 'anndata', 'npy'].map(titleOf)).toEqual([
      'KaroSpace',
      'Cellucid',
      'AnnData',
      'npy',
    ]);
  });
});
