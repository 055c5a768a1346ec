import { FileMissingError, ViewerError } from './errors';
import { splitPath, type Bytes, type Files, type GetOptions } from './files';

/** A bundle on any static host. */
export class HttpFiles implements Files {
  readonly where: string;
  readonly #base: URL;

  /** `base` is the folder's address; its query and fragment are dropped. */
  constructor(base: URL) {
    this.#base = new URL('.', base);
    this.where = this.#base.href;
  }

  async get(path: string, { onBytes }: GetOptions = {}): Promise<Bytes> {
    const url = new URL(splitPath(path).map(encodeURIComponent).join('/'), this.#base);
    let response: Response;
    try {
      // A re-export keeps the names of its files: without asking the host each time, a
      // browser would mix old parts with new ones.
      response = await fetch(url, { cache: 'no-cache' });
    } catch (cause) {
      throw new ViewerError(
        `${url.href} could not be fetched.`,
        'The host is out of reach, or it does not allow other pages to read its files (CORS): ' +
          'it must send Access-Control-Allow-Origin.',
        { cause },
      );
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
    return readBody(response, path, onBytes);
  }
}

async function readBody(response: Response, path: string, onBytes?: (count: number) => void): Promise<Bytes> {
  try {
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
