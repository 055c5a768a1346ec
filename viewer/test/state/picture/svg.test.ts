import { expect, test } from 'vitest';
import type { Figure, Shape } from '../../../src/state/picture/shapes';
import { countDiscs, picturesIn, pixelsOf } from '../../../src/state/picture/shapes';
import { escapeXml, svgText } from '../../../src/state/picture/svg';

const discs = (name: string, ...spots: number[]): Shape => ({
  kind: 'discs',
  name,
  fill: '#112233',
  opacity: 0.9,
  spots: Float32Array.from(spots),
});
const group = (name: string, ...shapes: Shape[]): Shape => ({ kind: 'group', name, clip: null, shapes });
const figureOf = (...shapes: Shape[]): Figure => ({
  width: 100,
  height: 50,
  unit: 0.5,
  paper: null,
  title: 'A <title>',
  shapes,
});
const written = (...shapes: Shape[]) =>
  svgText(figureOf(...shapes), 'Arial', new Map([['cells', 'data:x']])).text();

test.each([
  ['<script>alert("x")</script>', '&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;'],
  ['T & B]]>', 'T &amp; B]]&gt;'],
  ['a\u0000b\u001bc\ufffe', 'a\ufffdb\ufffdc\ufffd'],
  ['half \ud800 of a pair', 'half \ufffd of a pair'],
  ['\ud83d\ude00 µm', '\ud83d\ude00 µm'],
])('%j is text in XML', (text, escaped) => {
  expect(escapeXml(text)).toBe(escaped);
});

test('lengths are points, and groups have names that programs show', async () => {
  const svg = await written(group('cells', discs('T <cell>', 10, 20, 3), discs('T  cell', 1, 2, 3)));
  expect(svg).toContain('width="50pt" height="25pt" viewBox="0 0 50 25"');
  expect(svg).toContain('<g id="T_cell_" inkscape:label="T &lt;cell&gt;" fill="#112233" fill-opacity="0.9">');
  expect(svg).toContain('<g id="T_cell" inkscape:label="T  cell"');
  expect(svg).toContain('<circle cx="5" cy="10" r="1.5"/>');
  expect(svg).not.toContain('id="background"');
});

test('no name is given twice, however many look alike in ASCII', async () => {
  const names = ['细胞', '細胞', '7', '_7', 'background', ...Array.from({ length: 3000 }, () => '?')];
  const ids = [...(await written(...names.map((name) => discs(name, 1, 1, 1)))).matchAll(/ id="([^"]*)"/g)];
  expect(new Set(ids.map(([, id]) => id)).size).toBe(names.length);
  for (const [, id] of ids) expect(id).toMatch(/^[A-Za-z_][\w-]*$/);
});

test('a rim is a text of its own below, a gradient has stops, a picture its pixels', async () => {
  const text = { kind: 'text', text: 'A & B', x: 10, y: 10, size: 14, bold: true, fill: '#000000' } as const;
  const svg = await written(
    { ...text, align: 'center', rim: '#ffffff' },
    { kind: 'rect', x: 0, y: 0, width: 10, height: 2, fill: ['#000000', '#777777', '#ffffff'] },
    { kind: 'picture', what: 'cells', x: 0, y: 0, width: 100, height: 50 },
    group('empty'),
  );
  expect(svg.match(/>A &amp; B<\/text>/g)).toHaveLength(2);
  expect(svg.indexOf('stroke="#ffffff"')).toBeLessThan(svg.indexOf('fill="#000000"'));
  expect(svg).toContain('text-anchor="middle"');
  expect(svg.match(/<stop /g)).toHaveLength(3);
  expect(svg).toContain('width="50" height="25" preserveAspectRatio="none" xlink:href="data:x"');
  expect(svg).not.toContain('empty');
});

test('lines are open, arrows are closed', async () => {
  const look = { kind: 'paths', color: '#000000', opacity: 0.25, width: 2 } as const;
  const svg = await written(
    { ...look, name: 'edges', each: 2, corners: Float32Array.of(0, 0, 10, 10) },
    { ...look, name: 'arrows', each: 3, corners: Float32Array.of(0, 0, 10, 10, 20, 0) },
  );
  expect(svg).toContain('<g id="edges" fill="none" stroke="#000000" stroke-width="1"');
  expect(svg).toContain('<path d="M0 0L5 5"/>');
  expect(svg).toContain('<path d="M0 0L5 5L10 0Z"/>');
});

test('discs and pictures are counted in all groups, and pixels follow from points', () => {
  const shapes = [group('a', discs('x', 1, 1, 1, 2, 2, 1), group('b', discs('y', 1, 1, 1)))];
  expect(countDiscs(shapes)).toBe(3);
  const picture: Shape = { kind: 'picture', what: 'cells', x: 0, y: 0, width: 1, height: 1 };
  expect(picturesIn([group('a', picture), picture])).toHaveLength(2);
  expect(pixelsOf(figureOf(), 144)).toEqual([100, 50]);
});
