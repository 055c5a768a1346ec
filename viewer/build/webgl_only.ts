import type { Plugin } from 'vite';

/** Modules that are called only with WebGPU, or only to move a map of the world. */
const NEVER_CALLED = /\/shader-assembly\/wgsl-[a-z-]+\.js$|\/(attribute-buffer-groups|map-controller)\.js$/;
const EXPORTED = /^export (default|(?:const|function|class) (\w+))/gm;
const SHADER = /\/\* ?(wgsl|glsl) ?\*\/\s*`((?:\\.|[^`\\])*)`/gs;

/**
 * Shortens the shaders of deck.gl and luma.gl: the page draws with WebGL2, so those for WebGPU and the code
 * that assembles them are left out, and the others lose their comments and indentation. It saves 75 kB, 20 kB with
 * gzip.
 */
export function webglOnly(): Plugin {
  return {
    name: 'webgl-only',
    apply: 'build',
    transform(code, id) {
      if (!/node_modules\/@(deck|luma)\.gl\//.test(id)) return null;
      if (NEVER_CALLED.test(id)) return { code: emptied(code), map: null };
      const short = code.replace(SHADER, (whole, language: string, text: string) => {
        // A text with code inside may have texts of its own.
        if (text.includes('${')) return whole;
        return language === 'wgsl' ? "''" : `\`${withoutRemarks(text)}\``;
      });
      return short === code ? null : { code: short, map: null };
    },
  };
}

function emptied(code: string): string {
  return [...code.matchAll(EXPORTED)]
    .map(([, kind, name]) => (kind === 'default' ? 'export default null;' : `export const ${name} = null;`))
    .join('\n');
}

function withoutRemarks(shader: string): string {
  return shader
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('//'))
    .map((line) => `${line}\n`)
    .join('');
}
