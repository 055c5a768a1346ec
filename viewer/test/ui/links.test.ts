import { describe, expect, test } from 'vitest';
import { licenseAddress, linked, webAddress } from '../../src/ui/about/links';

const hrefs = (text: string) => linked(text).flatMap(({ href }) => href ?? []);

describe('a text', () => {
  test('is cut into plain pieces and links', () => {
    const citation = 'Publication: https://doi.org/10.1000/a.b Dataset: https://example.org/a.h5ad. Thanks!';
    expect(linked(citation)).toEqual([
      { text: 'Publication: ' },
      { text: 'https://doi.org/10.1000/a.b', href: 'https://doi.org/10.1000/a.b' },
      { text: ' Dataset: ' },
      { text: 'https://example.org/a.h5ad', href: 'https://example.org/a.h5ad' },
      { text: '. Thanks!' },
    ]);
  });

  test.each([
    ['10.1000/xyz', 'https://doi.org/10.1000/xyz'],
    ['doi:10.1038/s41586-020-2649-2.', 'https://doi.org/10.1038/s41586-020-2649-2'],
    ['(10.1016/S0140-6736(05)67889-0)', 'https://doi.org/10.1016/S0140-6736(05)67889-0'],
    ['see [https://example.org/a_(b)], then', 'https://example.org/a_(b)'],
    ['HTTPS://EXAMPLE.ORG', 'https://example.org/'],
  ])('of %s leads to %s', (text, href) => expect(hrefs(text)).toEqual([href]));

  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)//https:/',
    'data:text/html,<script>alert(1)</script>',
    '<a href="x">text</a>',
    'vbscript:x file:///etc/passwd ftp://example.org',
    'https://',
    'http://[',
    'version 10.5/7, 110.1234',
    '',
  ])('of %s has no link', (text) => {
    expect(hrefs(text)).toEqual([]);
    expect(
      linked(text)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
  });

  test('never has a link that ends it early', () => {
    expect(linked('https://example.org/"><img src=x onerror=alert(1)>')).toEqual([
      { text: 'https://example.org/', href: 'https://example.org/' },
      { text: '"><img src=x onerror=alert(1)>' },
    ]);
  });

  test('of a million letters is cut at once, and has a bounded number of links', () => {
    expect(hrefs('https://a.org/ '.repeat(5_000)).length).toBe(50);
    expect(hrefs('('.repeat(1_000_000))).toEqual([]);
    expect(hrefs(`https://a.org/${')'.repeat(1_000_000)}`)).toEqual(['https://a.org/']);
    expect(hrefs('10.'.repeat(300_000))).toEqual([]);
  });
});

test('only pages of the web are addresses', () => {
  expect(webAddress('https://example.org/ü')).toBe('https://example.org/%C3%BC');
  for (const text of ['javascript:alert(1)', '//example.org', 'example.org', ' https://example.org', ''])
    expect(webAddress(text)).toBe(null);
});

test('licences of Creative Commons lead to their texts', () => {
  expect(licenseAddress('CC-BY-4.0')).toBe('https://creativecommons.org/licenses/by/4.0/');
  expect(licenseAddress('CC BY-NC-SA 4.0')).toBe('https://creativecommons.org/licenses/by-nc-sa/4.0/');
  expect(licenseAddress('CC BY NC ND 3.0')).toBe('https://creativecommons.org/licenses/by-nc-nd/3.0/');
  expect(licenseAddress('CC0')).toBe('https://creativecommons.org/publicdomain/zero/1.0/');
  for (const text of ['MIT', 'CC-BY', 'CC-BY-4.0 or later', '']) expect(licenseAddress(text)).toBe(null);
});
