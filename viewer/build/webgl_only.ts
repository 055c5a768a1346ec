import type { Plugin } from 'vite';

const SHADER = /\/\* ?(wgsl|glsl) ?\*\/\s*`((?:\\.|[^`\\])*)`/gs;

/**
 * Shortens the shaders of deck.gl and luma.gl: the page draws with WebGL2, so those for WebGPU become empty, and the
 * others lose their comments and indentation. It saves 70 kB of the page.
 */
export function webglOnly(): Plugin {
  return {
    name: 'webgl-only',
    apply: 'build',
    transform(code, id) {
      if (!/node_modules\/@(deck|luma)\.gl\//.test(id)) return null;
      const short = code.replace(SHADER, (whole, language: string, text: string) => {
        // A text with code inside may have texts of its own.
        if (text.includes('${')) return whole;
        return language === 'wgsl' ? "''" : `\`${withoutRemarks(text)}\``;
      });
      return short === code ? null : { code: short, map: null };
    },
  };
}

function withoutRemarks(shader: string): string {
  return shader
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('//'))
    .map((line) => `${line}\n`)
    .join('');
}
