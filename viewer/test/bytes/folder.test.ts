import { describe, expect, test } from 'vitest';
import { MARKS } from '../../src/bundle/formats/registry';
import { droppedFolder, pickedFolder, type Folder } from '../../src/bytes/folder/folder';
import { within } from '../../src/bytes/files';
import { findRoots } from '../../src/bytes/folder/roots';
import { MapFiles, text } from '../map_files';

function picked(paths: string[]): File[] {
  return paths.map((path) =>
    Object.defineProperty(new File([path], path.split('/').at(-1)!), 'webkitRelativePath', { value: path }),
  );
}

/** A folder as a drop gives it, which counts how often it is listed. */
function dropped(paths: string[], listings: string[] = [], name = 'b'): Folder {
  const below = () => new Set(paths.filter((path) => path.includes('/')).map((path) => path.split('/')[0]));
  const enter = (step: string) =>
    dropped(
      paths.filter((path) => path.startsWith(`${step}/`)).map((path) => path.slice(step.length + 1)),
      listings,
      step,
    );
  return {
    name,
    file: (file) =>
      paths.includes(file) ? Promise.resolve(new File([file], file)) : Promise.reject(new Error('not found')),
    folder: (step) => (below().has(step) ? Promise.resolve(enter(step)) : Promise.reject(new Error('none'))),
    folders: () => {
      listings.push(name);
      return Promise.resolve([...below()].map(enter));
    },
  };
}

describe('roots', () => {
  test.each([
    [['manifest.json', 'a/manifest.json'], ['']],
    [
      ['x/a/dataset_identity.json', 'x/b/manifest.json', 'x/b/c/atlas.json'],
      ['x/a', 'x/b'],
    ],
    [['x/datasets.json', 'x/a/dataset_identity.json'], ['x']],
    [['__MACOSX/atlas.json', 'up/atlas.json'], ['up']],
    [['a/my_manifest.json', 'b.txt'], []],
  ])('of %j are %j', (paths, roots) => {
    expect(findRoots(paths, MARKS)).toEqual(roots);
  });
});

describe('a picked folder', () => {
  test('is entered where the bundle lies, at whatever depth', async () => {
    const files = pickedFolder(picked(['up/notes.txt', 'up/b/assets/x.bin', 'up/b/manifest.json']), MARKS);
    expect(await files.get('assets/x.bin')).toEqual(text('up/b/assets/x.bin'));
    expect(files.where).toBe('the folder “up/b”');
  });

  test('prefers the shallowest of several bundles', async () => {
    const files = pickedFolder(picked(['b/old/atlas.json', 'b/atlas.json']), MARKS);
    expect(await files.get('atlas.json')).toEqual(text('b/atlas.json'));
    expect(files.roots).toBeUndefined();
  });

  test('with several bundles side by side names them', async () => {
    const files = pickedFolder(picked(['up/b/manifest.json', 'up/a/dataset_identity.json']), MARKS);
    expect(files.roots).toEqual(['a', 'b']);
    expect(await within(files, 'b').get('manifest.json')).toEqual(text('up/b/manifest.json'));
  });

  test('without a bundle is refused by name', () => {
    expect(() => pickedFolder(picked(['photos/1.png']), MARKS)).toThrow(
      /“photos” holds no export: it has none of manifest\.json, dataset_identity\.json/,
    );
  });

  test('names a file that is missing', async () => {
    const files = pickedFolder(picked(['b/atlas.json']), MARKS);
    await expect(files.get('a/b.bin')).rejects.toThrow(/a\/b\.bin is missing from the folder “b”/);
  });
});

describe('a dropped folder', () => {
  test('finds a file by the steps of its path, and lists nothing', async () => {
    const listings: string[] = [];
    const files = await droppedFolder(dropped(['atlas.json', 'a/x.bin'], listings), MARKS);
    expect(await files.get('a/x.bin')).toEqual(text('x.bin'));
    await expect(files.get('a/y.bin')).rejects.toThrow(/a\/y\.bin is missing from the folder “b”/);
    await expect(files.get('c/y.bin')).rejects.toThrow(/c\/y\.bin is missing/);
    expect(listings).toEqual([]);
  });

  test('is entered where the export lies', async () => {
    const files = await droppedFolder(
      dropped(['notes.txt', 'up/in/dataset_identity.json', 'up/in/obs/x.bin']),
      MARKS,
    );
    expect(files.where).toBe('the folder “b/up/in”');
    expect(await files.get('obs/x.bin')).toEqual(text('x.bin'));
  });

  test('with several exports side by side names them', async () => {
    const files = await droppedFolder(dropped(['one/manifest.json', 'two/dataset_identity.json']), MARKS);
    expect(files.roots).toEqual(['one', 'two']);
  });

  test('without an export is refused, and not searched for ever', async () => {
    const listings: string[] = [];
    const deep = Array.from({ length: 30 }, () => 'x').join('/');
    await expect(droppedFolder(dropped([`${deep}/atlas.json`], listings), MARKS)).rejects.toThrow(
      /“b” holds no export/,
    );
    expect(listings.length).toBeLessThan(10);
  });
});

describe('a folder inside another', () => {
  test('may not be left, and says where it is', async () => {
    const files = new MapFiles(new Map([['a/b/x', text('1')]]));
    expect(() => within(files, '../a')).toThrow(/outside its folder/);
    expect(await within(files, 'a/b').get('x')).toEqual(text('1'));
    expect(() => within(files, '/a')).toThrow(/outside its folder/);
    await expect(within(files, 'a').get('../x')).rejects.toThrow(/outside its folder/);
    await expect(within(files, 'a').get('y')).rejects.toThrow(/y is missing from a in memory/);
  });
});
