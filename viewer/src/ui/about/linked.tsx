import type { ComponentChildren } from 'preact';
import { licenseAddress, linked, webAddress } from './links';

/** A link to another site, which does not reveal this page to it. */
function Link({ href, children }: { href: string; children: ComponentChildren }) {
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}

/** Plain text whose addresses and DOIs are links. */
export function Linked({ text }: { text: string }) {
  return <>{linked(text).map(({ text, href }) => (href ? <Link href={href}>{text}</Link> : text))}</>;
}

/** A licence; a known name is a link to its text. */
export function License({ text }: { text: string }) {
  const href = licenseAddress(text);
  return href ? <Link href={href}>{text}</Link> : <Linked text={text} />;
}

/** A name, as a link if there is a valid address. */
export function NamedLink({ name, url }: { name: string; url: string }) {
  const href = webAddress(url);
  if (href) return <Link href={href}>{name || url}</Link>;
  return <>{[name, url].filter(Boolean).join(', ')}</>;
}
