import { ViewerError } from '../errors';
import type { Marks } from '../folder/marks';

const RAW_GITHUB = 'https://raw.githubusercontent.com';

/** The address of an export on the web, and the mark that it names, if any. */
export interface DataAddress {
  /** The folder, with a `/` at the end. */
  readonly folder: URL;
  readonly mark: string | null;
  /** The zip in that folder, if the address names one. */
  readonly zip: URL | null;
}

/** Parses `?data=`: a folder, one of its marks or a zip, absolute or relative to the page; or a folder on GitHub. */
export function dataAddress(text: string, page: string, marks: Marks): DataAddress {
  const url = parse(text, page);
  refuseUnreadable(url, text, new URL(page));
  const folder = rawOfGitHub(url) ?? url;
  folder.search = '';
  folder.hash = '';
  folder.username = '';
  folder.password = '';
  const last = folder.pathname.split('/').at(-1);
  if (last?.toLowerCase().endsWith('.zip')) return { folder: new URL('.', folder), mark: null, zip: folder };
  const mark = marks.find(({ file }) => file === last)?.file ?? null;
  if (mark !== null || last?.endsWith('.html')) return { folder: new URL('.', folder), mark, zip: null };
  if (!folder.pathname.endsWith('/')) folder.pathname += '/';
  const path = folder.pathname.toLowerCase();
  const usual = marks.find(({ suffix }) => suffix !== undefined && path.endsWith(`${suffix}/`));
  return { folder, mark: usual?.file ?? null, zip: null };
}

function parse(text: string, page: string): URL {
  try {
    return new URL(text, page);
  } catch (cause) {
    throw new ViewerError(
      `?data=${text} is not a valid address.`,
      'Give the address of the folder of an export.',
      {
        cause,
      },
    );
  }
}

function refuseUnreadable(url: URL, text: string, page: URL): void {
  const isNear = url.protocol === 'file:' && page.protocol === 'file:' && url.host === page.host;
  if (url.protocol !== 'http:' && url.protocol !== 'https:' && !isNear) {
    throw new ViewerError(
      `A browser cannot read ${url.protocol}// addresses: ${text}`,
      'Give the https address of the bucket or folder, or choose the folder on this machine.',
    );
  }
  // `https://known.org@other.org/` leads to other.org, in spite of its beginning; and no browser fetches it.
  if (url.origin !== page.origin && (url.username !== '' || url.password !== '')) {
    throw new ViewerError(
      `This address contains a user name before its host, ${url.host}: ${text}`,
      'Give the address without the user name, such as https://HOST/FOLDER/.',
    );
  }
}

/**
 * GitHub shows a folder on a page, but its raw host serves the files. The step after `tree` is taken as
 * the whole name of the branch; without one, the default branch is used.
 */
function rawOfGitHub(url: URL): URL | null {
  if (url.hostname !== 'github.com' && url.hostname !== 'www.github.com') return null;
  const [owner, repository, kind, branch, ...path] = url.pathname.split('/').filter((step) => step !== '');
  if (owner === undefined || repository === undefined) return null;
  const name = repository.replace(/\.git$/, '');
  if (kind === undefined) return new URL(`${RAW_GITHUB}/${owner}/${name}/HEAD/`);
  if (!['tree', 'blob', 'raw'].includes(kind) || branch === undefined) return null;
  return new URL([RAW_GITHUB, owner, name, branch, ...path].join('/'));
}
