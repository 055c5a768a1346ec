import { describe, expect, test } from 'vitest';
import { DroppedFiles, PickedFiles } from '../../src/bytes/folder';
import { text } from '../map_files';

function picked(paths: string[]): File[] {
  return paths.map((path) =>
    Object.defineProperty(new File([path], path.split('/').at(-1)!), 'webkitRelativePath', { value: path }),
  );
}

describe('a picked folder', () => {
  test('is entered where the bundle lies, at whatever depth', async () => {
    const files = new PickedFiles(picked(['up/notes.txt', 'up/b/assets/x.bin', 'up/b/manifest.json']));
    expect(await files.get('assets/x.bin')).toEqual(text('up/b/assets/x.bin'));
    expect(files.where).toBe('the folder “up/b”');
  });

  test('prefers the shallowest of several bundles', async () => {
    const files = new PickedFiles(picked(['b/old/atlas.json', 'b/atlas.json']));
    expect(await files.get('atlas.json')).toEqual(text('b/atlas.json'));
  });

  test('without a bundle is refused by name', () => {
    expect(() => new PickedFiles(picked(['photos/1.png']))).toThrow(
      /“photos” holds neither atlas\.json nor manifest\.json/,
    );
  });

  test('names a file that is missing', async () => {
    const files = new PickedFiles(picked(['b/atlas.json']));
    await expect(files.get('a/b.bin')).rejects.toThrow(/a\/b\.bin is missing from the folder “b”/);
  });
});

test('a dropped folder finds a file by the steps of its path', async () => {
  const files = new DroppedFiles('b', (steps) =>
    steps.join('|') === 'a|x.bin'
      ? Promise.resolve(new File(['inside'], 'x.bin'))
      : Promise.reject(new Error('not found')),
  );
  expect(await files.get('a/x.bin')).toEqual(text('inside'));
  await expect(files.get('a/y.bin')).rejects.toThrow(/a\/y\.bin is missing from the folder “b”/);
});
