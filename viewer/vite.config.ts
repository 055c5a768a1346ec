import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { pureMaps } from './build/pure_maps.ts';
import { singleFile } from './build/single_file.ts';
import { webglOnly } from './build/webgl_only.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Two pages: the viewer, and with `--mode exporter` the form of the graphical exporter. */
export default defineConfig(({ mode }) => {
  const page = mode === 'exporter' ? 'exporter.html' : 'index.html';
  return {
    base: './',
    resolve: {
      alias: [
        // Packers in WebAssembly, 1.4 MB of it: see src/bundle/formats/anndata/zarr/codecs.ts for what is known instead.
        ...['blosc', 'lz4', 'zstd'].map((packer) => ({
          find: `numcodecs/${packer}`,
          replacement: here('build/no_packer.ts'),
        })),
        { find: '@deck.gl/geo-layers', replacement: here('build/tile_layer_only.ts') },
        { find: /^@loaders\.gl\/(core|images)$/, replacement: here('build/no_loaders.ts') },
      ],
    },
    build: {
      // The built page is part of the Python package, so that installing needs no Node.
      outDir: here('../karospace_stream/page'),
      emptyOutDir: false,
      target: ['chrome110', 'firefox115', 'safari16.4'],
      modulePreload: false,
      cssCodeSplit: false,
      assetsInlineLimit: Number.MAX_SAFE_INTEGER,
      chunkSizeWarningLimit: 2000,
      reportCompressedSize: false,
      rolldownOptions: {
        input: here(page),
        output: { format: 'iife', codeSplitting: false },
        // In a helper of Vite for preloading, of which one file has nothing to do.
        transform: { define: { 'import.meta': '{}' } },
      },
    },
    worker: { format: 'iife' },
    plugins: [webglOnly(), pureMaps(), singleFile({ page, connect: mode === 'exporter' ? "'self'" : '*' })],
    // Each file in an environment of its own would load everything anew, in more than twice the time.
    // The time limit is for what hangs: a busy machine is slow.
    test: { include: ['test/**/*.test.ts'], environment: 'node', isolate: false, testTimeout: 60_000 },
  };
});
