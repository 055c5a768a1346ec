import { describe, expect, test } from 'vitest';
import { MARKS } from '../../src/bundle/formats/registry';
import { dataAddress } from '../../src/bytes/http/address';

const PAGE = 'https://page.org/viewer/index.html?data=x#gene=y';
const RAW = 'https://raw.githubusercontent.com';

describe('what ?data= says', () => {
  test.each([
    ['.', 'https://page.org/viewer/', null],
    ['sample', 'https://page.org/viewer/sample/', null],
    ['../my.export', 'https://page.org/my.export/', null],
    ['https://data.org/a/b?key=1#x', 'https://data.org/a/b/', null],
    ['https://data.org/a/index.html', 'https://data.org/a/', null],
    ['https://data.org/a/manifest.json', 'https://data.org/a/', 'manifest.json'],
    ['e/dataset_identity.json', 'https://page.org/viewer/e/', 'dataset_identity.json'],
    ['datasets.json', 'https://page.org/viewer/', 'datasets.json'],
    ['https://github.com/o/r/tree/main/data/e', `${RAW}/o/r/main/data/e/`, null],
    ['https://github.com/o/r/tree/v1.0/', `${RAW}/o/r/v1.0/`, null],
    ['https://www.github.com/o/r.git', `${RAW}/o/r/HEAD/`, null],
    ['https://github.com/o/r/blob/main/e/datasets.json', `${RAW}/o/r/main/e/`, 'datasets.json'],
    [`${RAW}/o/r/main/e`, `${RAW}/o/r/main/e/`, null],
    ['https://github.com/o/r/issues/1', 'https://github.com/o/r/issues/1/', null],
  ])('%s is the folder %s', (text, folder, mark) => {
    const address = dataAddress(text, PAGE, MARKS);
    expect([address.folder.href, address.mark]).toEqual([folder, mark]);
  });

  test.each([
    ['https://data.org/a/pbmc.zarr', 'https://data.org/a/pbmc.zarr/', '.zmetadata'],
    ['pbmc.ZARR/', 'https://page.org/viewer/pbmc.ZARR/', '.zmetadata'],
    ['pbmc.zarr/zarr.json', 'https://page.org/viewer/pbmc.zarr/', 'zarr.json'],
  ])('%s is the store %s', (text, folder, mark) => {
    expect(dataAddress(text, PAGE, MARKS)).toMatchObject({ folder: { href: folder }, mark, zip: null });
  });

  test('an address of a zip is that of the zip', () => {
    const { zip } = dataAddress('https://github.com/o/r/blob/main/pbmc.zarr.ZIP', PAGE, MARKS);
    expect(zip?.href).toBe(`${RAW}/o/r/main/pbmc.zarr.ZIP`);
    expect(dataAddress('e.zip?key=1#x', PAGE, MARKS).zip?.href).toBe('https://page.org/viewer/e.zip');
  });

  test.each([
    ['s3://bucket/export', /cannot read s3:\/\/ addresses/],
    ['javascript:alert(1)', /cannot read javascript:/],
    ['data:application/json,{}', /cannot read data:/],
    ['https://', /is not a valid address/],
  ])('%s is refused', (text, message) => {
    expect(() => dataAddress(text, PAGE, MARKS)).toThrow(message);
  });
});
