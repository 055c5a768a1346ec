import { afterEach, describe, expect, test, vi } from 'vitest';
import { MARKS } from '../../src/bundle/formats/registry';
import { openBundle } from '../../src/bundle/open';
import type { Bytes } from '../../src/bytes/files';
import { HttpFiles } from '../../src/bytes/http/http_files';
import { HttpZip } from '../../src/bytes/zip/http_zip';
import { openZip } from '../../src/bytes/zip/zip';
import { anndataStore } from '../anndata_fixture';
import { text } from '../map_files';
import { zipOf } from '../zip_fixture';

afterEach(() => vi.unstubAllGlobals());

/** A host of one file, which answers ranges; gives what it is asked. */
function host(file: Bytes, change: (response: Response) => Response = (response) => response): string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', (_: URL, init?: { method?: string; headers?: { Range?: string } }) => {
    const range = /^bytes=(\d*)-(\d*)$/.exec(init?.headers?.Range ?? '');
    asked.push(init?.method ?? init?.headers?.Range ?? 'all');
    if (init?.method === 'HEAD')
      return Promise.resolve(change(new Response(null, { headers: { 'Content-Length': `${file.length}` } })));
    if (!range) return Promise.resolve(change(new Response(file)));
    const from = range[1] === '' ? file.length - Number(range[2]) : Number(range[1]);
    const to = range[1] === '' ? file.length : Number(range[2]) + 1;
    return Promise.resolve(change(new Response(file.slice(from, to), { status: 206 })));
  });
  return asked;
}

const files = () => new HttpFiles(new URL('https://host/b/'));

describe('a part of a file', () => {
  test('is asked for by its first and last byte', async () => {
    const asked = host(text('0123456789'));
    expect(await files().range('x', { offset: 2, length: 3 })).toEqual(text('234'));
    expect(await files().range('x', { offset: 2, length: 0 })).toEqual(text(''));
    expect(asked).toEqual(['bytes=2-4']);
  });

  test('at the end of another host’s file is asked for by its place', async () => {
    const asked = host(text('0123456789'));
    expect(await files().range('x', { suffixLength: 4 })).toEqual(text('6789'));
    expect(asked).toEqual(['HEAD', 'bytes=6-9']);
  });

  test('at the end of a file of the page’s own host is one request', async () => {
    vi.stubGlobal('location', { origin: 'https://host', protocol: 'https:' });
    const asked = host(text('0123456789'));
    expect(await files().range('x', { suffixLength: 4 })).toEqual(text('6789'));
    expect(asked).toEqual(['bytes=-4']);
  });

  test('of a host that answers with the whole is refused, and the rest not read', async () => {
    let cancelled = false;
    const endless = new ReadableStream({ cancel: () => void (cancelled = true) });
    host(text('x'), () => new Response(endless));
    await expect(files().range('x', { offset: 0, length: 1 })).rejects.toThrow(
      'host sends all of https://host/b/x, although the page asked for a part.',
    );
    expect(cancelled).toBe(true);
  });

  test('that is not all there is refused', async () => {
    host(text('0123'));
    await expect(files().range('x', { offset: 2, length: 9 })).rejects.toThrow(
      /ended after 2 of the 9 bytes/,
    );
  });

  test('of a file that is missing says so', async () => {
    host(text(''), () => new Response('', { status: 404 }));
    await expect(files().range('x', { offset: 0, length: 1 })).rejects.toThrow(/The file x is missing from/);
  });

  test('of a host that does not state the size a file is', async () => {
    host(text('0123'), () => new Response(null));
    await expect(files().range('x', { suffixLength: 1 })).rejects.toThrow(/does not state the size/);
  });
});

describe('a zip on a host', () => {
  const address = new URL('https://host/a%20b/x.zarr.zip');

  async function packed(): Promise<Bytes> {
    const { files } = anndataStore();
    // Random, so that the end that is read at once is not all of it.
    const noise = crypto.getRandomValues(new Uint8Array(65_536));
    const before = Array.from({ length: 10 }, (_, at) => [`noise/${at}`, noise] as const);
    const zipped = zipOf(
      Object.fromEntries([...files].slice(0, 99).concat(before as [string, Bytes][], [...files].slice(99))),
      {
        method: 0,
      },
    );
    return new Uint8Array(await zipped.arrayBuffer());
  }

  test('opens with its end, and reads a file with one request', async () => {
    const asked = host(await packed());
    const bundle = await openBundle(await openZip(new HttpZip(address), address.href, MARKS));
    await bundle.genes();
    const opening = asked.length;
    expect(asked.slice(0, 2)).toEqual(['HEAD', expect.stringMatching(/^bytes=\d+-\d+$/)]);
    expect(await bundle.expression(0)).toEqual(Float32Array.of(0, 2, 0, 4));
    expect(asked.length - opening).toBeLessThanOrEqual(2);
    expect(bundle.name).toBe('Four cells');
  });

  test('with a file by range reads no more of it', async () => {
    const zip = await packed();
    const asked = host(zip);
    const opened = await openZip(new HttpZip(address), 'x', MARKS);
    const part = await opened.range('noise/0', { offset: 10, length: 5 });
    expect(part).toEqual((await opened.get('noise/0')).slice(10, 15));
    expect(await opened.range('noise/0', { suffixLength: 5 })).toHaveLength(5);
    // Header, part, whole, end.
    const lengths = asked.slice(2).map((range) => {
      const [from, to] = range.slice(6).split('-').map(Number);
      return to - from + 1;
    });
    expect(lengths).toEqual([30, 5, 65_536, 5]);
  });

  test('that is none is refused with its name', async () => {
    host(text('no zip at all, but a page'));
    await expect(openZip(new HttpZip(address), address.href, MARKS)).rejects.toThrow(
      /x\.zarr\.zip” cannot be read as a zip/,
    );
  });

  test('that was replaced meanwhile is told so', async () => {
    const zip = await packed();
    host(zip);
    const opened = await openZip(new HttpZip(address), 'x', MARKS);
    host(zip.map(() => 0));
    await expect(opened.get('noise/0')).rejects.toThrow(/does not begin where the zip says/);
  });

  test('whose host answers no ranges is refused at once', async () => {
    const asked = host(await packed(), (response) =>
      response.status === 206 ? new Response('all') : response,
    );
    await expect(openZip(new HttpZip(address), 'x', MARKS)).rejects.toThrow(
      /although the page asked for a part/,
    );
    expect(asked).toHaveLength(2);
  });
});
