import { describe, expect, test } from 'vitest';
import { MARKS } from '../../src/bundle/formats/registry';
import { openZip } from '../../src/bytes/zip/zip';
import { text } from '../map_files';
import { zipOf } from '../zip_fixture';

describe('a zip', () => {
  test.each([
    ['deflated', { method: 8 }],
    ['stored', { method: 0 }],
    ['zip64', { zip64: true }],
  ])('that is %s is entered where the export lies', async (_, options) => {
    const blob = zipOf({ 'up/e/dataset_identity.json': '{}', 'up/e/obs/é.bin': 'hello'.repeat(50) }, options);
    const files = await openZip(blob, 'e.zip', MARKS);
    expect(files.where).toBe('the file “e.zip/up/e”');
    expect(await files.get('obs/é.bin')).toEqual(text('hello'.repeat(50)));
    await expect(files.get('obs/x.bin')).rejects.toThrow(/obs\/x\.bin is missing from the file “e\.zip/);
  });

  test('is read by ranges', async () => {
    // Random, so that it does not shrink.
    const noise = Array.from({ length: 300_000 }, () => Math.random()).join('');
    const blob = zipOf({ 'manifest.json': '{}', 'large.bin': noise, 'small.bin': 'x' });
    let read = 0;
    const slice = blob.slice.bind(blob);
    blob.slice = (start = 0, end = blob.size, type) => {
      read += end - start;
      return slice(start, end, type);
    };
    const files = await openZip(blob, 'e.zip', MARKS);
    expect(await files.get('small.bin')).toEqual(text('x'));
    expect(read).toBeLessThan(blob.size / 4);
  });

  test('with several exports names them', async () => {
    const files = await openZip(
      zipOf({ 'a/manifest.json': '{}', 'b/manifest.json': '{}' }),
      'two.zip',
      MARKS,
    );
    expect(files.roots).toEqual(['a', 'b']);
  });

  test('cannot reach outside itself', async () => {
    const files = await openZip(zipOf({ 'manifest.json': '{}', '../secret': 'x' }), 'e.zip', MARKS);
    await expect(files.get('../secret')).rejects.toThrow(/outside its folder/);
  });

  test('without an export, or that is none, is refused by name', async () => {
    await expect(openZip(zipOf({ 'photo.png': '' }), 'x.zip', MARKS)).rejects.toThrow(
      /“x\.zip” holds no export/,
    );
    await expect(openZip(new Blob(['no zip']), 'x.zip', MARKS)).rejects.toThrow(
      /“x\.zip” cannot be read as a zip/,
    );
    const cut = zipOf({ 'manifest.json': '{}' }).slice(0, 40);
    await expect(openZip(cut, 'x.zip', MARKS)).rejects.toThrow(/cannot be read as a zip/);
  });

  test.each([
    ['uses compression method 93', { method: 93 }],
    ['is encrypted', { encrypted: true }],
  ])('with a file that %s says so', async (what, options) => {
    const files = await openZip(zipOf({ 'manifest.json': '{}' }, options), 'x.zip', MARKS);
    await expect(files.get('manifest.json')).rejects.toThrow(
      new RegExp(`manifest\\.json of the zip ${what}`),
    );
  });
});
