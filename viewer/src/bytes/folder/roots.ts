import { ViewerError } from '../errors';
import { isMark, markNames, type Marks } from './marks';

/**
 * The folders nearest to the top that hold a mark, without a `/` at the end; the empty text stands
 * for the top itself. Several if they are equally deep.
 */
export function findRoots(paths: Iterable<string>, marks: Marks): string[] {
  let depth = Infinity;
  const roots = new Set<string>();
  for (const path of paths) {
    const steps = path.split('/');
    // macOS adds an entry to zips for every file, with the name of the file.
    if (!isMark(marks, steps.at(-1)) || steps[0] === '__MACOSX' || steps.length > depth) continue;
    if (steps.length < depth) roots.clear();
    depth = steps.length;
    roots.add(steps.slice(0, -1).join('/'));
  }
  return [...roots].sort();
}

export function noBundleIn(what: string, marks: Marks): ViewerError {
  return new ViewerError(
    `${what} holds no export: it has none of ${markNames(marks)}.`,
    'Choose the folder of an export, which holds one of these files, or a .zip of it.',
  );
}
