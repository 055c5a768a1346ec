import { ask } from './ask';
import { ViewerError } from './errors';
import { splitPath, type Bytes, type Files, type GetOptions, type Range } from './files';
import { RangedFile } from './ranged';

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
    const url = this.#address(path);
    // A browser keeps what it has of a file that is left in the middle, and asks for the rest another
    // time. Some hosts (rclone's S3 among them) do not say rightly that they send a part only.
    const response = await ask(url, path, this.where, enough && { cache: 'no-store' });
    const bytes = await readBody(response, path, onBytes, enough);
    refusePointer(bytes, url);
    return bytes;
  }

  // Async, so that what is wrong with a path is a rejection.
  async range(path: string, range: Range): Promise<Bytes> {
    const file = new RangedFile(this.#address(path), path, this.where);
    return 'suffixLength' in range ? file.last(range.suffixLength) : file.read(range.offset, range.length);
  }

  #address(path: string): URL {
    return new URL(splitPath(path).map(encodeURIComponent).join('/'), this.#base);
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
