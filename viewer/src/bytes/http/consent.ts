import { ViewerError } from '../errors';

/** A request to another host, named by a link, that the user has not agreed to. */
export class UnseenHostError extends ViewerError {
  override readonly name = 'UnseenHostError';

  constructor(readonly url: URL) {
    super(
      `${url.host || url.href} is another host than that of this page, and you have not allowed it.`,
      'Open the link again, and allow this host if you know it.',
    );
  }
}

/** Origins of other hosts that the user has agreed to. */
const agreed = new Set<string>();

export function agreeTo(origins: Iterable<string>): void {
  for (const origin of origins) agreed.add(origin);
}

export function agreedOrigins(): readonly string[] {
  return [...agreed];
}

/**
 * Whether `url` leads to a host that the user cannot know to be asked: any origin but the page's own.
 * Another port or scheme is another origin, as it is for the browser. Files have none at all: those
 * of the machine itself are as near as the page, if the page is one.
 */
export function isUnseen(url: URL, page: string, known: ReadonlySet<string> = agreed): boolean {
  const own = new URL(page);
  if (url.protocol === 'file:') return own.protocol !== 'file:' || url.host !== own.host;
  if (url.origin === 'null') return true;
  return url.origin !== own.origin && !known.has(url.origin);
}

/** Throws before a host is asked that the user has not agreed to. Every request comes by here. */
export function refuseUnseen(url: URL): void {
  const page = pageAddress();
  if (page !== null && isUnseen(url, page)) throw new UnseenHostError(url);
}

/**
 * Throws where the page's own host sent a link on to another. The browser has asked that one by then, but
 * nothing of its answer is shown. Where another host sends on, it is the one that was agreed to that does.
 */
export function refuseUnseenRedirect(url: URL, response: Response): void {
  const page = pageAddress();
  if (page === null || !response.redirected) return;
  const own = new URL(page);
  if (!own.searchParams.has('data') || url.origin !== own.origin) return;
  refuseUnseen(new URL(response.url));
}

/** Absent where there is no page, such as in Node. */
function pageAddress(): string | null {
  return (globalThis as { location?: { href?: string } }).location?.href ?? null;
}
