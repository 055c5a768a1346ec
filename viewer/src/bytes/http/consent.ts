import { ViewerError } from '../errors';

/** A link leads to another host, and the user has not agreed to the request yet. */
export class UnseenHostError extends ViewerError {
  override readonly name = 'UnseenHostError';

  constructor(readonly url: URL) {
    super(
      `${url.host || url.href} is another host than that of this page, and you have not allowed it.`,
      'Open the link again, and allow this host if you know it.',
    );
  }
}

/** Origins of other hosts to which the user has agreed. */
const agreed = new Set<string>();

export function agreeTo(origins: Iterable<string>): void {
  for (const origin of origins) agreed.add(origin);
}

export function agreedOrigins(): readonly string[] {
  return [...agreed];
}

/**
 * Whether `url` leads to a host that the user does not know of: any origin but the page's own.
 * Another port or scheme is another origin, as for the browser. Files have no origin:
 * those of this machine are as trustworthy as the page, if the page is a file, too.
 */
export function isUnseen(url: URL, page: string, known: ReadonlySet<string> = agreed): boolean {
  const own = new URL(page);
  if (url.protocol === 'file:') return own.protocol !== 'file:' || url.host !== own.host;
  if (url.origin === 'null') return true;
  return url.origin !== own.origin && !known.has(url.origin);
}

/** Throws before a request to a host to which the user has not agreed. Every request passes through here. */
export function refuseUnseen(url: URL): void {
  const page = pageAddress();
  if (page !== null && isUnseen(url, page)) throw new UnseenHostError(url);
}

/**
 * Throws if the page's own host redirected a link to another host. The browser has asked that one by then, but
 * none of its response is shown. If another host redirects, the user has agreed to that host.
 */
export function refuseUnseenRedirect(url: URL, response: Response): void {
  const page = pageAddress();
  if (page === null || !response.redirected) return;
  const own = new URL(page);
  if (!own.searchParams.has('data') || url.origin !== own.origin) return;
  refuseUnseen(new URL(response.url));
}

/** Absent without a page, such as in Node. */
function pageAddress(): string | null {
  return (globalThis as { location?: { href?: string } }).location?.href ?? null;
}
