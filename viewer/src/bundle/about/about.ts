import { memberOf, textOf } from './untrusted';

/** What the values of a matrix are, judging by a sample. */
export interface Values {
  readonly matrix: string;
  readonly kind: 'normalised' | 'counts' | 'scaled';
  /** The total to which the export scaled the counts of each cell, if it did. */
  readonly total?: number;
  /** Whether the export took the logarithm of one plus each value. */
  readonly log1p?: true;
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
export function readAbout(value: unknown): About {
  const source = memberOf(value, 'source');
  const schema = memberOf(value, 'schema');
  return {
    description: textOf(memberOf(value, 'description'), MOST_DESCRIPTION),
    citation: textOf(memberOf(value, 'citation'), MOST_CITATION),
    license: textOf(memberOf(value, 'license')),
    doi: textOf(memberOf(value, 'doi')),
    source: { name: textOf(memberOf(source, 'name')), url: textOf(memberOf(source, 'url')) },
    organism: textOf(memberOf(value, 'organism')),
    schema: {
      version: textOf(memberOf(schema, 'version')),
      reference: textOf(memberOf(schema, 'reference')),
    },
    values: readValues(memberOf(value, 'values')),
  };
}

/** The title in a manifest, or the name if it has none; on one line. */
export function titleOf(value: unknown, name: string): string {
  return textOf(value, MOST_TITLE).replace(/\s+/g, ' ') || name;
}

export function readValues(value: unknown): Values | null {
  const matrix = textOf(memberOf(value, 'matrix'));
  const kind = memberOf(value, 'kind');
  if (kind !== 'normalised' && kind !== 'counts' && kind !== 'scaled') return null;
  const total = memberOf(value, 'normalized_to');
  return {
    matrix,
    kind,
    ...(typeof total === 'number' && total > 0 && { total }),
    ...(memberOf(value, 'log1p') === true && { log1p: true }),
  };
}
