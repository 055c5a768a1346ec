import { afterEach, describe, expect, test, vi } from 'vitest';
import { HttpFiles } from '../../src/bytes/http';
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
    answer(() => Promise.reject(new TypeError('Failed to fetch')));
    await expect(new HttpFiles(new URL('https://host/')).get('x')).rejects.toMatchObject({
      advice: expect.stringContaining('CORS') as string,
    });
  });
});
