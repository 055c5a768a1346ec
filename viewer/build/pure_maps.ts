import type { Plugin } from 'vite';

/** The colours of a map, as a list of 3, of 4, and so on: a map is made of the longest. */
const CLASSES = /new Array\(3\)\.concat\((?:\s*"\w+",)*\s*("\w+")\s*\)\.map\(colors\)/g;
/** A colour map is computed from texts when the package is loaded. */
const COMPUTED = /^var ([\w$]+) = ((?:colors|ramp(?:\$\d)?|\[colors)\([^;]*);$/gm;

/**
 * Lets d3-scale-chromatic, which is one file, leave out the colour maps that nobody imports, and lists of few colours.
 * It saves 12 kB of the page.
 */
export function pureMaps(): Plugin {
  return {
    name: 'pure-maps',
    apply: 'build',
    transform(code, id) {
      if (!id.includes('d3-scale-chromatic')) return null;
      const short = code
        .replace(CLASSES, '[colors($1)]')
        .replace(COMPUTED, 'var $1 = /* @__PURE__ */ (() => $2)();');
      return { code: short, map: null };
    },
  };
}
