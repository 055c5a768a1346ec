import type { About } from '../../bundle/about/about';
import type { Receipt } from '../../bundle/about/receipt';

/** How to cite something: as a sentence, and for BibTeX. */
export interface Citation {
  readonly text: string;
  readonly bibtex: string;
}

/** How to cite the data; null if nothing is known. */
export function dataCitation(title: string, about: About): Citation | null {
  const { citation, doi, source } = about;
  if (!citation && !doi && !source.name && !source.url) return null;
  const found = doiOf(doi) ?? doiOf(citation);
  const resolver = found ? `https://doi.org/${found}` : '';
  // A citation that is BibTeX already is that of its authors.
  if (/^@\w+\s*\{/.test(citation)) return { text: citation, bibtex: citation };
  const text = citation || [title, source.name, resolver || source.url].filter(Boolean).join('. ') + '.';
  const fields: [string, string][] = [
    ['title', title],
    ['howpublished', source.name],
    ['note', citation],
    ['doi', found ?? ''],
    ['url', resolver || source.url],
  ];
  return { text, bibtex: entry('misc', keyOf(title), fields) };
}

const SOFTWARE = 'karospace-stream';
const AUTHORS = `${SOFTWARE} contributors`;

/** How to cite the program that made the export; the version and the year as far as the export says. */
export function softwareCitation({
  generator,
  createdAt,
}: Pick<Receipt, 'generator' | 'createdAt'>): Citation {
  const version = new RegExp(`^${SOFTWARE} ([\\w.+-]+)$`).exec(generator)?.[1] ?? '';
  const year = /^\d{4}(?=-)/.exec(createdAt)?.[0] ?? '';
  const text = `${AUTHORS}${year && ` (${year})`}. ${SOFTWARE}${version && `, version ${version}`} [software].`;
  const fields: [string, string][] = [
    ['author', AUTHORS],
    ['title', SOFTWARE],
    ['version', version],
    ['year', year],
  ];
  // Braces of its own keep the name from being taken for a person's.
  const bibtex = entry('software', SOFTWARE, fields).replace(`{${AUTHORS}}`, `{{${AUTHORS}}}`);
  return { text, bibtex };
}

function doiOf(text: string): string | null {
  return /\b10\.\d{4,9}\/[^\s<>"{},;]*[^\s<>"{},;.)\]]/.exec(text)?.[0] ?? null;
}

function keyOf(title: string): string {
  const plain = title.normalize('NFKD').replace(/[^\w\s-]/g, '');
  return (
    plain
      .trim()
      .toLowerCase()
      .split(/[\s_-]+/)
      .slice(0, 4)
      .join('_')
      .slice(0, 60) || 'data'
  );
}

/** Addresses must stay as they are; braces would end them. */
const VERBATIM = ['url', 'doi'];

function entry(kind: string, key: string, fields: readonly [string, string][]): string {
  const lines = fields.flatMap(([name, value]) =>
    value === ''
      ? []
      : [`  ${name} = {${VERBATIM.includes(name) ? value.replace(/[{}\s]/g, encodeURI) : escaped(value)}}`],
  );
  return `@${kind}{${key},\n${lines.join(',\n')}\n}`;
}

const SPECIAL = new Map([
  ['\\', '\\textbackslash{}'],
  ['~', '\\textasciitilde{}'],
  ['^', '\\textasciicircum{}'],
]);

/** Text as LaTeX reads it, on one line. */
function escaped(value: string): string {
  return value
    .replace(/\s+/g, ' ')
    .replace(/[\\~^{}#$%&_]/g, (letter) => SPECIAL.get(letter) ?? `\\${letter}`);
}
