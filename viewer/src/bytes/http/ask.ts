import { readAtMost, tooLarge } from '../bounded';
import { refuseUnseen, refuseUnseenRedirect } from './consent';
import { FileMissingError, UnreadableError, ViewerError } from '../errors';
import type { Bytes, GetOptions } from '../files';

/** Requests a file. Messages use `path` and `where`. Every failure is a `ViewerError`. */
export async function ask(
  url: URL,
  path: string,
  where: string,
  init?: Pick<RequestInit, 'method' | 'headers' | 'cache' | 'signal'>,
): Promise<Response> {
  refuseUnseen(url);
  let response: Response;
  try {
    // A re-export keeps the names of its files. Unless it asks the host each time, a
    // browser mixes old parts with new ones.
    response = await fetch(url, { cache: 'no-cache', ...init });
  } catch (cause) {
    init?.signal?.throwIfAborted();
    throw await unreachable(url, cause);
  }
  refuseUnseenRedirect(url, response);
  // S3 responds with 403 for a missing file if the client may not list the folder.
  if (response.status === 404 || response.status === 403 || response.status === 410) {
    throw new FileMissingError(path, where, `the host answers ${response.status}`);
  }
  if (!response.ok) {
    throw new ViewerError(
      `The host answers ${response.status} ${response.statusText} for ${url.href}.`,
      'Try again later, or ask who runs the host.',
    );
  }
  return response;
}

/** Reads a response to its end; refuses more than `most` bytes. */
export async function readBody(
  response: Response,
  path: string,
  most: number,
  options: GetOptions,
): Promise<Bytes> {
  if (!response.body) return new Uint8Array(0);
  let bytes: Bytes | null;
  try {
    bytes = await readAtMost(response.body, most, options);
  } catch (cause) {
    options.signal?.throwIfAborted();
    throw new ViewerError(
      `The connection broke while ${path} was being read.`,
      'Reload the page to try again.',
      { cause },
    );
  }
  if (bytes === null) throw tooLarge(path, most);
  return bytes;
}

/** A browser hides why a request failed. A second request in no-cors mode shows whether the host responds. */
async function unreachable(url: URL, cause: unknown): Promise<ViewerError> {
  // Absent without a page, such as in Node.
  const page = (globalThis as { location?: { origin: string; protocol: string } }).location;
  if (page?.protocol === 'https:' && url.protocol === 'http:') {
    return new ViewerError(
      `${url.href} was not loaded: a page on https may not read from http.`,
      `Serve the folder over https, or open this page over http.`,
      { cause },
    );
  }
  if (page?.origin !== url.origin && (await answers(url))) {
    const origin = page && page.origin !== 'null' ? `“${page.origin}” or “*”` : '“*”';
    return new UnreadableError(
      `${url.host} does not let this page read ${url.href}: its answer lacks the header Access-Control-Allow-Origin.`,
      `Let ${url.host} send Access-Control-Allow-Origin: ${origin} with every answer, also for missing files ` +
        '(for a bucket: in its CORS rules). Or download the folder, and drop it on this page.',
      { cause },
    );
  }
  return new ViewerError(
    `${url.href} could not be loaded: ${url.host} cannot be reached.`,
    'Check the address and the connection. If the server runs on this machine, start it again.',
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
