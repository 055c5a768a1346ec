import { describe, expect, test } from 'vitest';
import { ByteCache } from '../../src/bytes/cache';
import { splitPath } from '../../src/bytes/files';
import { inflate } from '../../src/bytes/gzip';
import { parseJson } from '../../src/bytes/json';
import { decodeNumbers } from '../../src/bytes/numbers';
import { mapParallel } from '../../src/bytes/parallel';
import { gzip, text, toBytes } from '../map_files';

describe('paths', () => {
  test('are cut into steps', () => {
    expect(splitPath('assets/gene_1.bin.gz')).toEqual(['assets', 'gene_1.bin.gz']);
  });

  test.each(['../x', 'a/../../x', '/etc/passwd', 'https://host/x', 'a//b', '', 'a\\..\\b', './x'])(
    '%j would leave the folder and is refused',
    (path) => {
      expect(() => splitPath(path)).toThrow(/outside its folder/);
    },
  );
});

describe('gzip', () => {
  test('is known by its two bytes, not by the name', async () => {
    expect(await inflate(gzip(text('hello')), 'x.bin')).toEqual(text('hello'));
    expect(await inflate(text('hello'), 'x.bin.gz')).toEqual(text('hello'));
    expect(await inflate(text(''), 'x.bin.gz')).toEqual(text(''));
  });

  test('is not what an array of the right length begins with', async () => {
    const array = toBytes(Float32Array.of(2.1334913, 1)); // 1f 8b 08 40
    expect(await inflate(array, 'x.bin', 8)).toEqual(array);
    expect(await inflate(gzip(array), 'x.bin', 8)).toEqual(array);
  });

  test('is inflated where it is as long as what it holds', async () => {
    const codes = Uint8Array.from({ length: 200 }, (_, cell) => (cell * cell * 31 + (cell >> 2)) % 9);
    const lengths = Array.from(codes.keys()).filter((n) => gzip(codes.slice(0, n)).length === n);
    expect(lengths).not.toEqual([]);
    for (const n of lengths) {
      const plain = codes.slice(0, n);
      expect(await inflate(gzip(plain), 'x.bin.gz', n)).toEqual(plain);
    }
  });

  test('that is cut short is told by the name of its file', async () => {
    const whole = gzip(text('hello'.repeat(100)));
    await expect(inflate(whole.slice(0, -9), 'a/x.gz')).rejects.toThrow(/a\/x\.gz .*cut short or damaged/);
  });
});

describe('JSON', () => {
  test('with the bare words that Python writes reads as null', () => {
    const bytes = text('[{"a":NaN,"b":-Infinity,"c":"NaN, \\"Infinity\\""},Infinity]');
    expect(parseJson(bytes, 'x')).toEqual([{ a: null, b: null, c: 'NaN, "Infinity"' }, null]);
  });

  test('that is none is told by the name of its file', () => {
    expect(() => parseJson(text('[1,'), 'obs.json')).toThrow(/obs\.json is not JSON/);
  });
});

describe('numbers', () => {
  test('are read in place', () => {
    expect(decodeNumbers(toBytes(Float32Array.of(1.5, -2)), 'float32', 2, 'x')).toEqual(
      Float32Array.of(1.5, -2),
    );
  });

  test('of another length than promised are refused', () => {
    expect(() => decodeNumbers(new Uint8Array(7), 'uint16', 4, 'a/x.bin')).toThrow(
      /a\/x\.bin has 7 bytes, but must have 8 \(4 values of type uint16\)/,
    );
  });
});

describe('the cache', () => {
  const load = (bytes: number, log: string[], name: string) => () => {
    log.push(name);
    return Promise.resolve(new Uint8Array(bytes));
  };

  test('loads once, and drops what was used longest ago', async () => {
    const cache = new ByteCache(20);
    const log: string[] = [];
    await cache.get('a', load(10, log, 'a'));
    await cache.get('b', load(10, log, 'b'));
    await cache.get('a', load(10, log, 'a'));
    await cache.get('c', load(10, log, 'c'));
    await cache.get('a', load(10, log, 'a'));
    await cache.get('b', load(10, log, 'b'));
    expect(log).toEqual(['a', 'b', 'c', 'b']);
  });

  test('does not keep a failure', async () => {
    const cache = new ByteCache(20);
    await expect(cache.get('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await cache.get('a', load(1, [], 'a'))).toHaveLength(1);
  });

  test('keeps something larger than itself until the next comes', async () => {
    const cache = new ByteCache(5);
    const log: string[] = [];
    await cache.get('a', load(10, log, 'a'));
    await cache.get('a', load(10, log, 'a'));
    await cache.get('b', load(1, log, 'b'));
    await cache.get('a', load(10, log, 'a'));
    expect(log).toEqual(['a', 'b', 'a']);
  });
});

test('parallel work keeps its order and its limit', async () => {
  let running = 0;
  let most = 0;
  const doubled = await mapParallel(
    [5, 1, 3, 2],
    async (value) => {
      most = Math.max(most, ++running);
      await new Promise((done) => setTimeout(done, value));
      running--;
      return 2 * value;
    },
    2,
  );
  expect(doubled).toEqual([10, 2, 6, 4]);
  expect(most).toBe(2);
});
