/** A piece of a text, which is a link if it has an address. */
export interface Piece {
  readonly text: string;
  readonly href?: string;
}

/** A web address, or a DOI anywhere in the text. */
const LINK = /https?:\/\/[^\s<>"]+|\b10\.\d{4,9}\/[^\s<>"]+/gi;
/** Characters that end a sentence, not an address. */
const AFTER = ".,;:!?'’”»";
const [OPENING, CLOSING] = ['([{', ')]}'];
const MOST_LINKS = 50;
const DOI_RESOLVER = 'https://doi.org/';

/** Splits a text into plain pieces and links; everything else stays text. */
export function linked(text: string): Piece[] {
  const pieces: Piece[] = [];
  let [end, links] = [0, 0];
  for (const { 0: found, index } of text.matchAll(LINK)) {
    const shown = trimmed(found);
    const href = addressOf(shown);
    if (href === null || links === MOST_LINKS) continue;
    if (index > end) pieces.push({ text: text.slice(end, index) });
    pieces.push({ text: shown, href });
    end = index + shown.length;
    links += 1;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}

/** The address of a page; null for text that a browser would not open as one. */
export function webAddress(text: string): string | null {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return null;
  const { protocol, href } = new URL(text);
  return protocol === 'https:' || protocol === 'http:' ? href : null;
}

const CREATIVE_COMMONS = /^CC[ -](BY(?:[ -](?:NC|ND|SA|NC[ -]SA|NC[ -]ND))?)[ -](\d\.\d)$/i;
const CC0 = /^CC0(?:[ -]1\.0)?$/i;

/** The address of a licence with a known short name; null for others. */
export function licenseAddress(text: string): string | null {
  if (CC0.test(text)) return 'https://creativecommons.org/publicdomain/zero/1.0/';
  const found = CREATIVE_COMMONS.exec(text);
  if (!found) return null;
  const [, kind, version] = found;
  return `https://creativecommons.org/licenses/${kind.toLowerCase().replaceAll(' ', '-')}/${version}/`;
}

/** Removes the end of a sentence, and closing brackets that were opened before the address. */
function trimmed(found: string): string {
  let unopened = count(found, CLOSING) - count(found, OPENING);
  let end = found.length;
  for (; end > 0; end--) {
    const last = found[end - 1];
    if (CLOSING.includes(last) && unopened > 0) unopened -= 1;
    else if (!AFTER.includes(last)) break;
  }
  return found.slice(0, end);
}

function count(text: string, letters: string): number {
  let found = 0;
  for (const letter of text) if (letters.includes(letter)) found += 1;
  return found;
}

function addressOf(text: string): string | null {
  return webAddress(text.startsWith('10.') ? DOI_RESOLVER + text : text);
}
