import { expect, test } from 'vitest';
import { paletteJson, palettePython, parsePalette } from '../../src/state/colouring/palette_text';

const LABELS = ['B', 'say "x"', '10', '2'];
const COLORS = ['#1f77b4', 'rgb(255, 127, 14)', '#2ca02c', '#d62728'];
const HEX = ['#1f77b4', '#ff7f0e', '#2ca02c', '#d62728'];

test('a palette that is copied is read again, in the order of the categories', () => {
  const json = paletteJson(LABELS, COLORS);
  expect(JSON.parse(json)).toEqual(Object.fromEntries(LABELS.map((label, at) => [label, HEX[at]])));
  const python = palettePython('cell "type"', LABELS, COLORS);
  expect(python).toContain('adata.uns["cell \\"type\\"_colors"]');
  for (const text of [json, python]) {
    const { named, refused } = parsePalette(text);
    expect([...named!]).toEqual(LABELS.map((label, at) => [label, HEX[at]]));
    expect(refused).toEqual([]);
  }
});

test('Python, lists and lines are read', () => {
  expect([...parsePalette(`{'it\\'s': '#ABC', "B": "#11223344",}`).named!]).toEqual([
    ["it's", '#aabbcc'],
    ['B', '#112233'],
  ]);
  expect(parsePalette("['#ff0000', '#00FF00']")).toEqual({
    named: null,
    colors: ['#ff0000', '#00ff00'],
    refused: [],
  });
  expect(parsePalette('#ff0000\n\n#00ff00').colors).toEqual(['#ff0000', '#00ff00']);
  expect([...parsePalette('B cell\t#ff0000\nT, CD4 = #00ff00').named!]).toEqual([
    ['B cell', '#ff0000'],
    ['T, CD4', '#00ff00'],
  ]);
});

test('what is no colour is told', () => {
  expect(parsePalette('{"B": "red", "T": "#123456"}')).toEqual({
    named: new Map([['T', '#123456']]),
    colors: ['#123456'],
    refused: ['red'],
  });
  expect(parsePalette('nothing').refused).toEqual(['nothing']);
});
