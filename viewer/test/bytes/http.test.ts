import { afterEach, describe, expect, test, vi } from 'vitest';
import { agreeTo } from '../../src/bytes/http/consent';
import type { ViewerError } from '../../src/bytes/errors';
import { HttpFiles } from '../../src/bytes/http/http_files';
import { text } from '../map_files';

afterEach(() => vi.unstubAllGlobals());

function answer(respond: (url: string) => Response | Promise<Response>): string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', (url: URL) => {
    asked.push(url.href);
    return Promise.resolve(url.href).then(respond);
  });
  return asked;
}

describe('files of a host', () => {
  test('lie beside the page, whatever its query', async () => {
    const asked = answer(() => new Response('x'));
    await new HttpFiles(new URL('https://host/b/index.html?data=1#x')).get('assets/a b#.bin');
    expect(asked).toEqual(['https://host/b/assets/a%20b%23.bin']);
  });

  test('are counted while they come', async () => {
    answer(() => new Response('hello'));
    const counts: number[] = [];
    const bytes = await new HttpFiles(new URL('https://host/')).get('x', { onBytes: (n) => counts.push(n) });
    expect(bytes).toEqual(text('hello'));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(5);
  });

  test.each([403, 404, 410])('are missing where the host answers %i', async (status) => {
    answer(() => new Response('no', { status }));
    await expect(new HttpFiles(new URL('https://host/b/')).get('x.bin')).rejects.toThrow(
      `The file x.bin is missing from https://host/b/ (the host answers ${status}).`,
    );
  });

  test('that fail otherwise say so', async () => {
    answer(() => new Response('no', { status: 500, statusText: 'Oops' }));
    await expect(new HttpFiles(new URL('https://host/')).get('x')).rejects.toThrow(/answers 500 Oops/);
  });

  test('that begin with enough are read no further', async () => {
    let sent = 0;
    answer(
      () =>
        new Response(
          new ReadableStream<Uint8Array>({
            pull(controller) {
              controller.enqueue(text(`${sent++},`));
            },
          }),
        ),
    );
    const enough = (begin: Uint8Array) => begin.length >= 4;
    expect(await new HttpFiles(new URL('https://host/')).get('x', { enough })).toEqual(text('0,1,'));
    expect(sent).toBeLessThan(6);
  });

  test('are kept by the browser unless they are left in the middle', async () => {
    const how: (string | undefined)[] = [];
    vi.stubGlobal('fetch', (_: URL, { cache }: RequestInit) => {
      how.push(cache);
      return Promise.resolve(new Response('hello'));
    });
    const files = new HttpFiles(new URL('https://host/'));
    await files.get('x', { enough: () => true });
    await files.get('x');
    expect(how).toEqual(['no-store', 'no-cache']);
  });

  test('that never have enough are read whole', async () => {
    answer(() => new Response('hello'));
    const bytes = await new HttpFiles(new URL('https://host/')).get('x', { enough: () => false });
    expect(bytes).toEqual(text('hello'));
  });

  test('that a repository keeps elsewhere are told from what they are', async () => {
    answer(() => new Response('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n'));
    const files = new HttpFiles(new URL('https://raw.githubusercontent.com/o/r/main/e/'));
    await expect(files.get('points_2d.bin')).rejects.toThrow(/points_2d\.bin is a Git LFS pointer/);
    expect(files.advice).toMatch(/repository, the branch/);
  });
});

describe('a host that cannot be read', () => {
  agreeTo(['https://data.org', 'http://data.org']);
  const asPage = (address: string) => vi.stubGlobal('location', new URL(address));
  const fail = (reachable: boolean) =>
    vi.stubGlobal('fetch', (_: URL, { mode }: RequestInit) =>
      mode === 'no-cors' && reachable
        ? Promise.resolve(new Response())
        : Promise.reject(new TypeError('Failed to fetch')),
    );
  const failure = (address: string) =>
    new HttpFiles(new URL(address)).get('x').catch((error: unknown) => error as ViewerError);

  test('for want of CORS is named with the header that it lacks', async () => {
    asPage('https://page.org/viewer/');
    fail(true);
    expect(await failure('https://data.org/e/')).toMatchObject({
      message: expect.stringMatching(
        /^data\.org does not let .*: its answer lacks the header Access-Control-Allow-Origin/,
      ) as string,
      advice: expect.stringContaining('Access-Control-Allow-Origin: “https://page.org” or “*”') as string,
    });
  });

  test('by a page without an origin needs the header for all', async () => {
    vi.stubGlobal('location', { origin: 'null', protocol: 'file:' });
    fail(true);
    expect((await failure('https://data.org/e/')) as ViewerError).toMatchObject({
      advice: expect.stringContaining('Access-Control-Allow-Origin: “*”') as string,
    });
  });

  test('because it is out of reach is not said to lack a header', async () => {
    asPage('https://page.org/');
    fail(false);
    expect(await failure('https://data.org/e/')).toMatchObject({
      message: 'https://data.org/e/x could not be loaded: data.org cannot be reached.',
    });
  });

  test('that is the page’s own is out of reach', async () => {
    asPage('https://data.org/');
    fail(true);
    expect(await failure('https://data.org/e/')).toMatchObject({
      message: expect.stringContaining('cannot be reached') as string,
    });
  });

  test('because only the page came over https is told so', async () => {
    asPage('https://page.org/');
    fail(true);
    expect(await failure('http://data.org/e/')).toMatchObject({
      message: expect.stringContaining('may not read from http') as string,
    });
  });
});
