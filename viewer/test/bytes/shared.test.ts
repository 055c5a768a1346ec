import { describe, expect, test, vi, afterEach } from 'vitest';
import { ByteCache } from '../../src/bytes/cache';
import { filesUntil, within } from '../../src/bytes/files';
import { HttpFiles } from '../../src/bytes/http/http_files';
import { HttpZip } from '../../src/bytes/zip/http_zip';
import { isAbort, Latest, Once } from '../../src/bytes/shared';
import { MapFiles, text } from '../map_files';
import { settled, SlowFiles } from '../slow_files';

afterEach(() => vi.unstubAllGlobals());

/** A load that waits until it is let go, or aborted; and the signals of those that were begun. */
function held() {
  const begun: AbortSignal[] = [];
  const ends: (() => void)[] = [];
  const load = (signal: AbortSignal) => {
    begun.push(signal);
    return new Promise<Uint8Array>((done, fail) => {
      ends.push(() => done(Uint8Array.of(begun.length)));
      signal.addEventListener('abort', () => fail(signal.reason as Error));
    });
  };
  return { begun, load, finish: () => ends.forEach((end) => end()) };
}

const ways = [
  [
    'a cache',
    (load: (signal: AbortSignal) => Promise<Uint8Array>) => {
      const cache = new ByteCache(100);
      return (signal?: AbortSignal) => cache.get('a', load, signal);
    },
  ],
  [
    'a value that is loaded once',
    (load: (signal: AbortSignal) => Promise<Uint8Array>) => {
      const once = new Once(load);
      return (signal?: AbortSignal) => once.get(signal);
    },
  ],
] as const;

describe.each(ways)('a load of %s', (_, make) => {
  test('that two wait for is aborted when the second gives up, too', async () => {
    const { begun, load } = held();
    const get = make(load);
    const [one, other] = [new AbortController(), new AbortController()];
    const results = Promise.allSettled([get(one.signal), get(other.signal)]);
    one.abort();
    await settled();
    expect(begun.map(({ aborted }) => aborted)).toEqual([false]);
    other.abort();
    for (const result of await results) expect(result).toMatchObject({ reason: { name: 'AbortError' } });
    expect(begun.map(({ aborted }) => aborted)).toEqual([true]);
  });

  test('goes on for the one that still waits', async () => {
    const { begun, load, finish } = held();
    const get = make(load);
    const left = new AbortController();
    const [gone, waits, forever] = [get(left.signal), get(new AbortController().signal), get()];
    left.abort();
    await expect(gone).rejects.toSatisfy(isAbort);
    finish();
    expect(await waits).toEqual(Uint8Array.of(1));
    expect(await forever).toBe(await waits);
    expect(await get(new AbortController().signal)).toBe(await waits);
    expect(begun).toHaveLength(1);
  });

  test('begins anew after it was aborted: at once, and later', async () => {
    const { begun, load, finish } = held();
    const get = make(load);
    const left = new AbortController();
    const gone = get(left.signal);
    left.abort();
    // Before the aborted load has ended.
    const again = get();
    await expect(gone).rejects.toSatisfy(isAbort);
    finish();
    expect(await again).toEqual(Uint8Array.of(2));
    expect(await get()).toBe(await again);
    expect(begun).toHaveLength(2);
  });

  test('is not begun by somebody who has given up already', async () => {
    const { begun, load } = held();
    await expect(make(load)(AbortSignal.abort())).rejects.toSatisfy(isAbort);
    expect(begun).toEqual([]);
  });

  test('that ends after all gave up is not kept', async () => {
    const results = [Uint8Array.of(1), Uint8Array.of(2)];
    let ends: (() => void)[] = [];
    // Does not listen to its signal, as decompression.
    const get = make(() => new Promise((done) => ends.push(() => done(results.shift()!))));
    const left = new AbortController();
    const gone = get(left.signal);
    left.abort();
    const again = get();
    ends.reverse().forEach((end) => end());
    await expect(gone).rejects.toSatisfy(isAbort);
    expect(await again).toEqual(Uint8Array.of(1));
    await settled();
    ends = [];
    expect(await get()).toBe(await again);
    expect(ends).toEqual([]);
  });
});

describe('of loads of which the latest is wanted', () => {
  test('the earlier are aborted', async () => {
    const latest = new Latest();
    const { begun, load, finish } = held();
    const [first, second] = [latest.run(load), latest.run(load)];
    await expect(first).rejects.toSatisfy(isAbort);
    finish();
    await second;
    expect(begun.map(({ aborted }) => aborted)).toEqual([true, false]);
  });

  test('one that is chosen again goes on', async () => {
    const latest = new Latest();
    const cache = new ByteCache(100);
    const { begun, load, finish } = held();
    const choose = () => latest.run((signal) => cache.get('a', load, signal));
    const [first, second] = [choose(), choose()];
    await expect(first).rejects.toSatisfy(isAbort);
    finish();
    expect(await second).toEqual(Uint8Array.of(1));
    expect(begun).toHaveLength(1);
  });
});

describe('a request', () => {
  /** A host that answers with headers and half of the body, and tells which connections were closed. */
  function host(): { closed: string[]; begun: string[] } {
    const [begun, closed]: [string[], string[]] = [[], []];
    vi.stubGlobal('fetch', (url: URL, { signal, method }: RequestInit = {}) => {
      signal?.throwIfAborted();
      const name = `${method ?? 'GET'} ${url.pathname}`;
      begun.push(name);
      if (method === 'HEAD')
        return Promise.resolve(new Response(null, { headers: { 'Content-Length': '1000000' } }));
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(text('half'));
          signal?.addEventListener('abort', () => {
            closed.push(name);
            controller.error(signal.reason);
          });
        },
      });
      return Promise.resolve(new Response(body, { status: url.pathname.endsWith('.zip') ? 206 : 200 }));
    });
    return { begun, closed };
  }

  test('ends with its signal, also while the body comes, and is no failure to tell', async () => {
    const { begun, closed } = host();
    const left = new AbortController();
    const got = within(new HttpFiles(new URL('https://host/')), 'a').get('x', { signal: left.signal });
    await settled();
    left.abort();
    await expect(got).rejects.toSatisfy(isAbort);
    expect([begun, closed]).toEqual([['GET /a/x'], ['GET /a/x']]);
  });

  test('for a part of a zip ends, too, and the list is asked for again', async () => {
    const { closed } = host();
    const zip = new HttpZip(new URL('https://host/a.zip'));
    for (let turn = 1; turn <= 2; turn++) {
      const left = new AbortController();
      const got = zip.read(0, 10, left.signal);
      await settled();
      left.abort();
      await expect(got).rejects.toSatisfy(isAbort);
      expect(closed).toHaveLength(turn);
    }
  });

  test.each(['get', 'range'] as const)('%s ends when the bundle is closed', async (way) => {
    const slow = new SlowFiles(new MapFiles(new Map([['a', text('a')]])));
    const closing = new AbortController();
    const files = filesUntil(closing.signal, slow);
    expect(files.advice).toBe('Wait.');
    const read = (signal?: AbortSignal) =>
      way === 'get' ? files.get('a', { signal }) : files.range('a', { offset: 0, length: 1 }, { signal });
    expect(await read(new AbortController().signal)).toEqual(text('a'));
    slow.answers = 0;
    const [one, other] = [read(), read(new AbortController().signal)];
    closing.abort();
    for (const each of [one, other, read()]) await expect(each).rejects.toSatisfy(isAbort);
    expect(slow.waiting).toEqual([]);
  });
});
