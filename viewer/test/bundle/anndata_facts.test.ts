import { describe, expect, test } from 'vitest';
import { openBundle } from '../../src/bundle/open';
import { followLink } from '../../src/state/link/link';
import { Session } from '../../src/state/session';
import { anndataStore, frame } from '../anndata_fixture';
import type { StoreBuilder } from '../zarr_fixture';

describe.each([2, 3] as const)('sections that are laid out, in Zarr v%i', (format) => {
  test('are named by the column that uns records; what others keep there is ignored', async () => {
    const laidOutBy = async (more: (store: StoreBuilder) => unknown) => {
      const bundle = await openBundle(anndataStore({ format, more }));
      return bundle.embeddings.map(({ key, laidOutBy }) => [key, laidOutBy]);
    };
    const own = await laidOutBy((store) => {
      store.scalar('uns/arranged/key', 'X_umap');
      store.scalar('uns/arranged/column', 'batch');
    });
    expect(own).toContainEqual(['X_umap', 'batch']);
    expect(own.filter(([, column]) => column !== undefined)).toHaveLength(1);
    const other = await laidOutBy((store) => store.array('uns/arranged', Int32Array.of(1, 2)));
    expect(other.every(([, column]) => column === undefined)).toBe(true);
  });
});

describe.each([2, 3] as const)('whole numbers in a store of Zarr v%i', (format) => {
  function opened(columns: string[], more: (store: StoreBuilder) => unknown) {
    return openBundle(
      anndataStore({
        format,
        more: (store) => {
          frame(store, 'obs', columns);
          more(store);
        },
      }),
    );
  }

  test('are categories if they are called like labels, and numbers otherwise', async () => {
    const bundle = await opened(['batch', 'leiden', 'louvain', 'leiden_score'], (store) => {
      for (const name of ['batch', 'leiden', 'leiden_score'])
        store.array(`obs/${name}`, Int32Array.of(10, 2, 2, -1));
      store.array('obs/louvain', Float32Array.of(1, 2, 2, 1));
      store.texts('uns/leiden_colors', ['#ff0000', '#00ff00', '#0000ff']);
    });
    expect(bundle.columns.map(({ kind }) => kind)).toEqual(['number', 'category', 'number', 'number']);
    expect(await bundle.column(1)).toEqual({
      kind: 'codes',
      codes: Uint8Array.of(2, 1, 1, 0),
      missing: 255,
    });
    expect(bundle.columns[1]).toMatchObject({
      categories: ['-1', '2', '10'],
      colors: ['#ff0000', '#00ff00', '#0000ff'],
    });
    const session = new Session(bundle);
    await followLink(session, '');
    expect(session.colouring.current.value).toMatchObject({ label: 'leiden', paint: { kind: 'category' } });
    expect(session.colouring.colors.value).toEqual(['#ff0000', '#00ff00', '#0000ff']);
  });

  test('may be missing under a mask', async () => {
    const bundle = await opened(['clusters'], (store) => {
      store.group('obs/clusters', { 'encoding-type': 'nullable-integer', 'encoding-version': '0.1.0' });
      store.array('obs/clusters/values', Int32Array.of(7, 8, 0, 7));
      store.array('obs/clusters/mask', Uint8Array.of(0, 0, 1, 0));
    });
    expect(await bundle.column(0)).toEqual({
      kind: 'codes',
      codes: Uint8Array.of(0, 1, 255, 0),
      missing: 255,
    });
  });

  test('stay numbers if they have one value, or cannot be read', async () => {
    const bundle = await opened(['leiden', 'louvain'], (store) => {
      store.array('obs/leiden', Int32Array.of(3, 3, 3, 3));
      store.array('obs/louvain', Int32Array.of(3, 3, 4, 3));
      for (const key of store.files.keys())
        if (/louvain\/(c\/)?0$/.test(key)) store.files.set(key, new Uint8Array(3));
    });
    expect(bundle.columns.map(({ kind }) => kind)).toEqual(['number', 'number']);
  });
});

describe.each([2, 3] as const)('lengths in a store of Zarr v%i', (format) => {
  async function tissue(factors: Record<string, Record<string, number>>, obsm = 'spatial') {
    const bundle = await openBundle(
      anndataStore({
        format,
        more: (store) => {
          store.group('uns/spatial', {});
          for (const [library, members] of Object.entries(factors)) {
            store.group(`uns/spatial/${library}`, {}).group(`uns/spatial/${library}/scalefactors`, {});
            for (const [name, value] of Object.entries(members))
              store.number(`uns/spatial/${library}/scalefactors/${name}`, value);
          }
        },
      }),
    );
    const { spotDiameter, micronsPerUnit } = bundle.embeddings.find(({ key }) => key === obsm)!;
    return { spotDiameter, micronsPerUnit };
  }

  test('are those of uns["spatial"], for the coordinates of the tissue alone', async () => {
    const stated = { s1: { spot_diameter_fullres: 89.5, microns_per_pixel: 0.5 } };
    expect(await tissue(stated)).toEqual({ spotDiameter: 89.5, micronsPerUnit: 0.5 });
    expect(await tissue(stated, 'X_umap')).toEqual({ spotDiameter: null, micronsPerUnit: null });
  });

  test('are unknown if libraries differ, or the store states none', async () => {
    const two = {
      s1: { microns_per_pixel: 0.5, spot_diameter_fullres: 100 },
      s2: { microns_per_pixel: 0.6, spot_diameter_fullres: 105 },
    };
    expect(await tissue(two)).toEqual({ spotDiameter: 100, micronsPerUnit: null });
    expect(await tissue({ s1: {} })).toEqual({ spotDiameter: null, micronsPerUnit: null });
  });
});
