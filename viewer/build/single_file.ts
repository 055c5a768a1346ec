import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';

/**
 * Puts the script and the styles into the page, so that the page is one file. The script
 * is a classic one at the end of the body: a module would not load from file:// in every browser.
 *
 * A content security policy lists the hashes of exactly these two, so that no name of a gene
 * or a column could ever run as a script. The viewer's `connect-src` is open because `?data=` may name
 * any host.
 */
export function singleFile({ page: file, connect }: { page: string; connect: string }): Plugin {
  return {
    name: 'single-file',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      const files = Object.values(bundle);
      const script = files.find((file) => file.type === 'chunk');
      const styles = files.find((file) => file.type === 'asset' && file.fileName.endsWith('.css'));
      const page = bundle[file];
      if (
        script?.type !== 'chunk' ||
        styles?.type !== 'asset' ||
        page?.type !== 'asset' ||
        files.length !== 3
      ) {
        this.error(
          `expected a page, a script and styles, got ${files.map((file) => file.fileName).join(', ')}`,
        );
      }
      // Libraries know where to fetch workers that this page does not use: it fetches no code at all.
      const code = script.code
        .trim()
        .replaceAll(/https:\/\/unpkg\.com\//g, 'about:blank#')
        .replaceAll('</script', '<\\/script')
        .replaceAll('<!--', '<\\!--');
      const css = String(styles.source).trim();
      const policy = [
        "default-src 'none'",
        `script-src '${sha256(code)}'`,
        `style-src '${sha256(css)}'`,
        "img-src 'self' data: blob:",
        'worker-src blob: data:',
        `connect-src ${connect}`,
        "base-uri 'none'",
        "form-action 'none'",
      ].join('; ');
      // Replaced by functions: `$&` in the code is not a pattern.
      page.source = String(page.source)
        .replace(/\s*<script type="module"[^>]*><\/script>/, '')
        .replace(/\s*<link rel="stylesheet"[^>]*>/, '')
        .replace(
          /<meta charset="utf-8" ?\/?>/,
          (charset) => `${charset}\n    <meta http-equiv="Content-Security-Policy" content="${policy}" />`,
        )
        .replace('</head>', () => `  <style>${css}</style>\n  </head>`)
        .replace('</body>', () => `  <script>${code}</script>\n  </body>`);
      delete bundle[script.fileName];
      delete bundle[styles.fileName];
    },
  };
}

function sha256(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
