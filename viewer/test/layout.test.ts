import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SRC = fileURLToPath(new URL('../src', import.meta.url));
/** From the lowest: each imports from itself and from those before it. */
const FLOORS = ['bytes', 'bundle', 'state', 'scene', 'ui', 'exporter'];
const MOST_SIBLINGS = 16;

const FOLDERS = ['.', ...readdirSync(SRC, { recursive: true, encoding: 'utf8' })].filter((path) =>
  statSync(join(SRC, path)).isDirectory(),
);
const FILES = FOLDERS.flatMap((folder) => readdirSync(join(SRC, folder)).map((name) => join(folder, name)))
  .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts'))
  .sort();

const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*['"](\.[^'"?]+)/g;

/** The files that a file imports, its types included. Shaders and styles import nothing. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(SRC, file), 'utf8');
  return [...text.matchAll(IMPORT)].flatMap(([, path]) => {
    const target = join(dirname(file), path);
    return FILES.filter((each) => each.replace(/\.tsx?$/, '') === target);
  });
}

/** The first circle that is met, as the files on the way round; empty where there is none. */
function circleIn(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const way: string[] = [];
  const visit = (file: string): string[] => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return [];
    way.push(file);
    for (const next of imports.get(file) ?? []) {
      const circle = visit(next);
      if (circle.length > 0) return circle;
    }
    way.pop();
    done.add(file);
    return [];
  };
  for (const file of imports.keys()) {
    const circle = visit(file);
    if (circle.length > 0) return circle;
  }
  return [];
}

const IMPORTS = new Map(FILES.map((file) => [file, importsOf(file)]));

test('imports are found', () => {
  expect(FILES.length).toBeGreaterThan(100);
  expect(IMPORTS.get('scene/view/view.ts')).toContain('state/view/camera.ts');
});

test('no files import each other in a circle', () => {
  expect(circleIn(IMPORTS)).toEqual([]);
});

test('a circle is found', () => {
  const imports = new Map([
    ['a', ['b', 'c']],
    ['b', []],
    ['c', ['d', 'b']],
    ['d', ['c']],
  ]);
  expect(circleIn(imports)).toEqual(['c', 'd', 'c']);
});

test('no file imports from a floor above its own', () => {
  const floor = (file: string) => FLOORS.indexOf(file.split('/')[0]);
  const upwards = [...IMPORTS].flatMap(([file, targets]) =>
    targets.filter((target) => floor(file) >= 0 && floor(target) > floor(file)).map((to) => [file, to]),
  );
  expect(upwards).toEqual([]);
});

test('every folder is a floor, and none is crowded', () => {
  const names = FOLDERS.map((folder) => relative('.', folder).split('/')[0]).filter((name) => name !== '');
  expect([...new Set(names)].sort()).toEqual([...FLOORS].sort());
  const crowded = FOLDERS.filter((folder) => readdirSync(join(SRC, folder)).length > MOST_SIBLINGS);
  expect(crowded).toEqual([]);
});
