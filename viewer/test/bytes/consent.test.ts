import { afterEach, describe, expect, test, vi } from 'vitest';
import { MARKS } from '../../src/bundle/formats/registry';
import { dataAddress } from '../../src/bytes/http/address';
import { agreeTo, isUnseen, UnseenHostError } from '../../src/bytes/http/consent';
import { HttpFiles } from '../../src/bytes/http/http_files';

const PAGE = 'https://page.org/viewer/index.html?data=x';
const NONE = new Set<string>();
const T = '\t';

afterEach(() => vi.unstubAllGlobals());

describe('a link to another host, however it is spelt', () => {
  test.each([
    ['https://evil.org/e', 'evil.org'],
    ['HTTPS://EVIL.org/e', 'evil.org'],
    ['  https://evil.org/e  ', 'evil.org'],
    ['//evil.org/e', 'evil.org'],
    ['///evil.org/e', 'evil.org'],
    ['////evil.org/e', 'evil.org'],
    ['/\\evil.org/e', 'evil.org'],
    ['\\/evil.org/e', 'evil.org'],
    ['\\\\evil.org\\e', 'evil.org'],
    ['https:\\\\evil.org\\e', 'evil.org'],
    ['http:\\\\evil.org', 'evil.org'],
    ['http:evil.org', 'evil.org'],
    ['http:/evil.org', 'evil.org'],
    [`/${T}/evil.org/e`, 'evil.org'],
    [`ht${T}tps://ev\nil.org/e`, 'evil.org'],
    ['//evil%2Eorg/e', 'evil.org'],
    ['//ｅｖｉｌ。org/e', 'evil.org'],
    ['//раge.org/e', 'xn--ge-6kc7d.org'],
    ['//page.org\u3002evil.org', 'page.org.evil.org'],
    ['//page.org.', 'page.org.'],
    ['//page.org:8443/viewer', 'page.org:8443'],
    ['http://page.org/viewer', 'page.org'],
    ['//sub.page.org/viewer', 'sub.page.org'],
    ['//page.org%00.evil.org', null],
    ['//3232235777/e', '192.168.1.1'],
    ['//0x7f.1/e', '127.0.0.1'],
    ['//[::ffff:127.0.0.1]/e', '[::ffff:7f00:1]'],
    ['//localhost:8000/e', 'localhost:8000'],
    ['https://evil.org/a.zip', 'evil.org'],
    ['https://evil.org/https://page.org/', 'evil.org'],
    ['https://evil.org#@page.org/', 'evil.org'],
    ['https://evil.org?page.org/', 'evil.org'],
    ['https://github.com/o/r/tree/main/e', 'raw.githubusercontent.com'],
  ])('%j leads to %s', (text, host) => {
    if (host === null) {
      expect(() => dataAddress(text, PAGE, MARKS)).toThrow(/is not a valid address/);
      return;
    }
    const { folder } = dataAddress(text, PAGE, MARKS);
    expect(folder.host).toBe(host);
    expect(isUnseen(folder, PAGE, NONE)).toBe(true);
    expect(isUnseen(folder, PAGE, new Set([folder.origin]))).toBe(false);
  });

  test.each([
    '.',
    '',
    '/',
    'sample',
    '../sample',
    '/evil.org',
    './/evil.org',
    '.\\evil.org',
    'https:evil.org',
    'https:/page.org/x',
    'https://page.org/x',
    'https://PAGE.ORG:443/x',
    '//page.org/x',
    'evil.org',
    '@evil.org',
    '?//evil.org',
    '%2F%2Fevil.org',
    '%5C%5Cevil.org',
    'a.zip',
  ])('%j does not', (text) => {
    const { folder } = dataAddress(text, PAGE, MARKS);
    expect(folder.origin).toBe('https://page.org');
    expect(isUnseen(folder, PAGE, NONE)).toBe(false);
  });

  test.each([
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    ` java${T}script:alert(1)`,
    'data:application/json,{}',
    'blob:https://page.org/3f1c',
    'filesystem:https://page.org/temporary/',
    'file:///etc/',
    'file://evil.org/share',
    'ftp://evil.org/',
    'ws://evil.org/',
    'about:blank',
    'view-source:https://evil.org/',
    'chrome://settings',
    's3://bucket/e',
  ])('%j is refused', (text) => {
    expect(() => dataAddress(text, PAGE, MARKS)).toThrow(/A browser cannot read/);
  });

  test.each([
    'https://page.org@evil.org/',
    '//page.org:443@evil.org',
    'https://:x@evil.org/',
    '//a%40page.org@evil.org',
  ])('%j is refused, as it looks like another host', (text) => {
    expect(() => dataAddress(text, PAGE, MARKS)).toThrow(/user name before its host, evil\.org/);
  });

  test('from a file leads to files of this machine only', () => {
    const page = 'file:///home/me/index.html';
    expect(isUnseen(dataAddress('sample', page, MARKS).folder, page, NONE)).toBe(false);
    expect(() => dataAddress('//evil.org/share', page, MARKS)).toThrow(/A browser cannot read file:/);
    expect(isUnseen(dataAddress('https://evil.org/e', page, MARKS).folder, page, NONE)).toBe(true);
    expect(isUnseen(new URL('file://evil.org/share/'), page, NONE)).toBe(true);
    expect(isUnseen(new URL('file:///etc/'), PAGE, NONE)).toBe(true);
  });

  test('by nobody’s origin is never known', () => {
    expect(isUnseen(new URL('data:text/plain,x'), 'about:srcdoc', new Set(['null']))).toBe(true);
  });
});

describe('requests', () => {
  const asked: string[] = [];
  const respond = (response: Partial<Response> = {}) => {
    asked.length = 0;
    vi.stubGlobal('location', new URL(PAGE));
    vi.stubGlobal('fetch', (url: URL) => {
      asked.push(url.href);
      const made = new Response('x');
      for (const [name, value] of Object.entries(response)) Object.defineProperty(made, name, { value });
      return Promise.resolve(made);
    });
  };
  const files = (base: string) => new HttpFiles(new URL(base));

  test('never reach a host that was not agreed to', async () => {
    respond();
    const refused = await files('https://evil.org/e/')
      .get('manifest.json')
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UnseenHostError);
    await expect(files('https://evil.org/e/').range('x', { suffixLength: 1 })).rejects.toThrow(/evil\.org/);
    expect(asked).toEqual([]);
  });

  test('reach the page’s own, and those that were agreed to', async () => {
    respond();
    agreeTo(['https://fine.org']);
    await files('https://page.org/e/').get('x');
    await files('https://fine.org/e/').get('x');
    expect(asked).toEqual(['https://page.org/e/x', 'https://fine.org/e/x']);
    await expect(files('https://fine.org:8443/e/').get('x')).rejects.toThrow(
      /fine\.org:8443 is another host/,
    );
  });

  test('that the page’s own host sends on are shown only if that host was agreed to', async () => {
    respond({ redirected: true, url: 'https://evil.org/x' });
    await expect(files('https://page.org/e/').get('x')).rejects.toThrow(/evil\.org is another host/);
    // The host that was agreed to says where its files lie.
    await files('https://fine.org/e/').get('x');
    respond({ redirected: true, url: 'https://page.org/y' });
    await files('https://page.org/e/').get('x');
    // Without `?data=` nobody but the page’s own host said where its data lies.
    respond({ redirected: true, url: 'https://evil.org/x' });
    vi.stubGlobal('location', new URL('https://page.org/viewer/'));
    await files('https://page.org/e/').get('x');
  });

  test.each([
    'https://evil.org/x',
    '//evil.org/x',
    '/x',
    '../x',
    'a/../../x',
    'a\\..\\x',
    'javascript:x',
    'data:,x',
    '',
  ])('for %j of a bundle are not made', async (path) => {
    respond();
    await expect(files('https://page.org/e/').get(path)).rejects.toThrow(/names a file outside its folder/);
    expect(asked).toEqual([]);
  });

  test.each([
    ['a/%2e%2e/x:y', 'a/%252e%252e/x%3Ay'],
    ['%2F%2Fevil.org', '%252F%252Fevil.org'],
    [`.${T}./x`, '.%09./x'],
    ['?data=#', '%3Fdata%3D%23'],
  ])('for %j of a bundle stay in its folder', async (path, wanted) => {
    respond();
    await files('https://page.org/e/').get(path);
    expect(asked).toEqual([`https://page.org/e/${wanted}`]);
  });
});
