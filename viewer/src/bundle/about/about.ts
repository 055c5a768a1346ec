import { memberOf, textOf } from './untrusted';

/** What the values of a matrix are, judging by a sample. */
export interface Values {
  readonly matrix: string;
  readonly kind: 'normalised' | 'counts' | 'scaled';
}

/** A description of the data set: plain text of bounded length, never HTML; empty if there is none. */
export interface About {
  readonly description: string;
  readonly citation: string;
  readonly license: string;
  readonly doi: string;
  readonly source: { readonly name: string; readonly url: string };
  readonly organism: string;
  /** The schema that the data follow, such as CELLxGENE's. */
  readonly schema: { readonly version: string; readonly reference: string };
  readonly values: Values | null;
}

const MOST_TITLE = 500;
const MOST_DESCRIPTION = 20_000;
const MOST_CITATION = 5_000;

/** Reads the entry of a manifest. It never fails, since the data can be shown without it. */
export function readAbout(said: unknown): About {
  const source = memberOf(said, 'source');
  const schema = memberOf(said, 'schema');
  return {
    description: textOf(memberOf(said, 'description'), MOST_DESCRIPTION),
    citation: textOf(memberOf(said, 'citation'), MOST_CITATION),
    license: textOf(memberOf(said, 'license')),
    doi: textOf(memberOf(said, 'doi')),
    source: { name: textOf(memberOf(source, 'name')), url: textOf(memberOf(source, 'url')) },
    organism: textOf(memberOf(said, 'organism')),
    schema: {
      version: textOf(memberOf(schema, 'version')),
      reference: textOf(memberOf(schema, 'reference')),
    },
    values: readValues(memberOf(said, 'values')),
  };
}

/** The title in a manifest, or the name if it has none; on one line. */
export function titleOf(said: unknown, name: string): string {
  return textOf(said, MOST_TITLE).replace(/\s+/g, ' ') || name;
}

export function readValues(said: unknown): Values | null {
  const matrix = textOf(memberOf(said, 'matrix'));
  const kind = memberOf(said, 'kind');
  return kind === 'normalised' || kind === 'counts' || kind === 'scaled' ? { matrix, kind } : null;
}
