import type { Plugin } from 'vite';

/** Modules that are called only with WebGPU, or only for a map of the world. */
const NEVER_CALLED =
  /\/shader-assembly\/wgsl-[a-z-]+\.js$|\/(attribute-buffer-groups|map-controller|tile-2d-traversal)\.js$/;
const EXPORTED = /^export (default|(?:const|function|class) (\w+))/gm;
/** What deck.gl draws a tile with if it is told nothing else: the page tells it. */
const USUAL_TILES = /import \{ GeoJsonLayer \} from '@deck\.gl\/layers';/;
const SHADER = /\/\* ?wgsl ?\*\/\s*`((?:\\.|[^`\\])*)`/gs;

/**
 * The page draws with WebGL2: shaders of deck.gl and luma.gl for WebGPU, and the code that assembles them, are left
 * out. Those for WebGL stay as they are, since the libraries search them for certain lines.
 */
export function webglOnly(): Plugin {
  return {
    name: 'webgl-only',
    apply: 'build',
    transform(code, id) {
      if (!/node_modules\/@(deck|luma)\.gl\//.test(id)) return null;
      const short = NEVER_CALLED.test(id)
        ? emptied(code)
        : // A text with code inside may have texts of its own.
          code
            .replace(SHADER, (whole, text: string) => (text.includes('${') ? whole : "''"))
            .replace(USUAL_TILES, 'const GeoJsonLayer = null;');
      return short === code ? null : { code: short, map: null };
    },
  };
}

function emptied(code: string): string {
  return [...code.matchAll(EXPORTED)]
    .map(([, kind, name]) => (kind === 'default' ? 'export default null;' : `export const ${name} = null;`))
    .join('\n');
}
