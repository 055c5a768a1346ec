import { ask, readBody } from './ask';
import { MOST_NBYTES } from '../bounded';
import { ViewerError } from '../errors';
import { splitPath, type Bytes, type Files, type GetOptions, type Range } from '../files';
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

  async get(path: string, { most = MOST_NBYTES, ...options }: GetOptions = {}): Promise<Bytes> {
    const url = this.#address(path);
    // If a download is stopped, a browser caches the part and requests the rest the next
    // time. Some hosts (such as rclone's S3) send wrong headers for such a part.
    const response = await ask(url, path, this.where, {
      signal: options.signal,
      ...(options.enough && { cache: 'no-store' }),
    });
    const bytes = await readBody(response, path, most, options);
    refusePointer(bytes, url);
    return bytes;
  }

  // Async, so that an invalid path is a rejection.
  async range(path: string, range: Range, { signal }: GetOptions = {}): Promise<Bytes> {
    const file = new RangedFile(this.#address(path), path, this.where);
    if ('suffixLength' in range) return file.last(range.suffixLength, signal);
    return file.read(range.offset, range.length, signal);
  }

  #address(path: string): URL {
    return new URL(splitPath(path).map(encodeURIComponent).join('/'), this.#base);
  }
}

/** Repositories may store large files elsewhere; the raw host then serves a short pointer file instead. */
function refusePointer(bytes: Bytes, url: URL): void {
  if (bytes.length > 200 || !new TextDecoder().decode(bytes).startsWith(LFS_POINTER)) return;
  throw new ViewerError(
    `${url.href} is a Git LFS pointer, not the file itself.`,
    'Add the export to the repository without Git LFS, or use another host; or download it and drop its folder here.',
  );
}
