import { FileMissingError, UnreadableError, ViewerError } from './errors';
import { splitPath, type Bytes, type Files, type GetOptions } from './files';

const LFS_POINTER = 'version https://git-lfs.github.com/spec/';

/** A bundle on any static host. */
export class HttpFiles implements Files {
  readonly where: string;
  readonly advice?: string;
  readonly #base: URL;

  /** `base` is the folder's address; its query and fragment are dropped. */
  constructor(base: URL) {
    this.#base = new URL('.', base);
    this.where = this.#base.href;
    if (this.#base.hostname === 'raw.githubusercontent.com') {
      this.advice =
        'Check the owner, the repository, the branch and the folder in the address. ' +
        'A private repository cannot be read: download it, and drop its folder on this page.';
    }
  }

  async get(path: string, { onBytes, enough }: GetOptions = {}): Promise<Bytes> {
    const url = new URL(splitPath(path).map(encodeURIComponent).join('/'), this.#base);
    let response: Response;
    try {
      // A re-export keeps the names of its files: without asking the host each time, a
      // browser would mix old parts with new ones.
      response = await fetch(url, { cache: 'no-cache' });
    } catch (cause) {
      throw await unreachable(url, cause);
    }
    // S3 answers 403 for a missing file to those who may not list the folder.
    if (response.status === 404 || response.status === 403 || response.status === 410) {
      throw new FileMissingError(path, this.where, `the host answers ${response.status}`);
    }
    if (!response.ok) {
      throw new ViewerError(
        `The host answers ${response.status} ${response.statusText} for ${url.href}.`,
        'Try again later, or ask who runs the host.',
      );
    }
    const bytes = await readBody(response, path, onBytes, enough);
    refusePointer(bytes, url);
    return bytes;
  }
}

/** A browser does not tell a page why a request failed; a request without reading tells some of it. */
async function unreachable(url: URL, cause: unknown): Promise<ViewerError> {
  // Absent where there is no page, such as in Node.
  const page = (globalThis as { location?: { origin: string; protocol: string } }).location;
  if (page?.protocol === 'https:' && url.protocol === 'http:') {
    return new ViewerError(
      `${url.href} was not fetched: a page that came over https may not read over http.`,
      `Serve the folder over https, or open this page over http.`,
      { cause },
    );
  }
  if (page?.origin !== url.origin && (await answers(url))) {
    const origin = page && page.origin !== 'null' ? `“${page.origin}” or “*”` : '“*”';
    return new UnreadableError(
      `${url.host} answers, but does not let this page read ${url.href}: the header Access-Control-Allow-Origin is missing.`,
      `Have ${url.host} send Access-Control-Allow-Origin: ${origin} with every answer, that for a missing file too ` +
        '(for a bucket: in its CORS rules). Or download the folder, and drop it on this page.',
      { cause },
    );
  }
  return new ViewerError(
    `${url.href} could not be fetched: ${url.host} is out of reach.`,
    'Check the address and the connection; if the server ran on this machine, start it again.',
    { cause },
  );
}

async function answers(url: URL): Promise<boolean> {
  try {
    await fetch(url, { mode: 'no-cors', cache: 'no-store' });
    return true;
  } catch {
    return false;
  }
}

/** Repositories may keep large files elsewhere; the raw host then serves a short text in their place. */
function refusePointer(bytes: Bytes, url: URL): void {
  if (bytes.length > 200 || !new TextDecoder().decode(bytes).startsWith(LFS_POINTER)) return;
  throw new ViewerError(
    `${url.href} is a pointer of Git LFS, not the file itself.`,
    'Put the export into the repository without Git LFS, or onto another host; or download it and drop its folder here.',
  );
}

async function readBody(
  response: Response,
  path: string,
  onBytes?: (count: number) => void,
  enough?: (begin: Bytes) => boolean,
): Promise<Bytes> {
  try {
    if (response.body && enough) return await readUntil(response.body, enough);
    if (!response.body || !onBytes) return new Uint8Array(await response.arrayBuffer());
    const counted = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          onBytes(chunk.byteLength);
          controller.enqueue(chunk);
        },
      }),
    );
    return new Uint8Array(await new Response(counted).arrayBuffer());
  } catch (cause) {
    throw new ViewerError(
      `The connection broke while ${path} was being read.`,
      'Reload the page to try again.',
      {
        cause,
      },
    );
  }
}

async function readUntil(
  body: ReadableStream<Uint8Array>,
  enough: (begin: Bytes) => boolean,
): Promise<Bytes> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return join(chunks);
    chunks.push(value);
    // What tells is at the beginning: after a few chunks the rest is only collected.
    if (chunks.length > 4) continue;
    const begin = join(chunks);
    if (!enough(begin)) continue;
    await reader.cancel();
    return begin;
  }
}

function join(chunks: readonly Uint8Array[]): Bytes {
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
