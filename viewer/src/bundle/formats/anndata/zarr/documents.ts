import * as v from 'valibot';
import { ViewerError } from '../../../../bytes/errors';
import type { Bytes } from '../../../../bytes/files';
import { check } from '../../../schema';
import { ArrayV2Schema, ArrayV3Schema, ConsolidatedV2Schema, GroupV3Schema, NodeSchema } from './schema';

export type Attributes = Readonly<Record<string, unknown>>;
/** Names of the metadata documents of a store. */
const V2_NAMES = ['.zarray', '.zgroup', '.zattrs'];
const NAMES = new Set([...V2_NAMES, '.zmetadata', 'zarr.json']);

/** The contents of a store, from its one consolidated document, because a host cannot list files. */
export class Documents {
  readonly #byKey: ReadonlyMap<string, unknown>;
  /** Names of the direct members of a group, in the order of the document. */
  readonly #children = new Map<string, string[]>();

  private constructor(
    readonly format: 2 | 3,
    /** The file that was read, for messages. */
    readonly source: string,
    documents: ReadonlyMap<string, unknown>,
  ) {
    this.#byKey = documents;
    const seen = new Set<string>();
    for (const key of documents.keys()) {
      const path = this.#pathOf(key);
      if (path === '' || seen.has(path)) continue;
      seen.add(path);
      const cut = path.lastIndexOf('/');
      const parent = path.slice(0, Math.max(0, cut));
      const siblings = this.#children.get(parent) ?? [];
      this.#children.set(parent, [...siblings, path.slice(cut + 1)]);
    }
  }

  /** Reads the root document of either format. */
  static read(json: unknown, source: '.zmetadata' | 'zarr.json', where: string): Documents {
    if (source === '.zmetadata') {
      const { metadata } = check(ConsolidatedV2Schema, json, source);
      return new Documents(2, source, new Map(Object.entries(metadata)));
    }
    const root = check(GroupV3Schema, json, source);
    if (!root.consolidated_metadata) throw notConsolidated(where);
    const below = Object.entries(root.consolidated_metadata.metadata).map(
      ([path, node]) => [`${path}/zarr.json`, node] as const,
    );
    return new Documents(3, source, new Map([['zarr.json', json], ...below]));
  }

  /** The stored document under a key; null if the key does not name a document. */
  file(key: string): Bytes | undefined | null {
    if (!NAMES.has(key.slice(key.lastIndexOf('/') + 1))) return null;
    const document = this.#byKey.get(key);
    return document === undefined ? undefined : new TextEncoder().encode(JSON.stringify(document));
  }

  kind(path: string): 'array' | 'group' | null {
    if (this.format === 2) {
      if (this.#byKey.has(`${path}/.zarray`)) return 'array';
      return this.#byKey.has(`${path}/.zgroup`) ? 'group' : null;
    }
    const node = v.safeParse(NodeSchema, this.#byKey.get(`${path}/zarr.json`));
    return node.success ? node.output.node_type : null;
  }

  children(path: string): readonly string[] {
    return this.#children.get(path) ?? [];
  }

  attributes(path: string): Attributes {
    const prefix = path === '' ? '' : `${path}/`;
    const document = this.#byKey.get(prefix + (this.format === 2 ? '.zattrs' : 'zarr.json'));
    const found: unknown = this.format === 2 ? document : (document as { attributes?: unknown })?.attributes;
    return typeof found === 'object' && found !== null ? (found as Attributes) : {};
  }

  /** The name of an element: its key, or the original name if that cannot be a path in the store. */
  nameOf(group: string, key: string): string {
    const name = this.#originalNames(group)[key];
    return typeof name === 'string' ? name : key;
  }

  /** The key of the element with a name. */
  keyOf(group: string, name: string): string {
    const found = Object.entries(this.#originalNames(group)).find(([, other]) => other === name);
    return found ? found[0] : name;
  }

  #originalNames(group: string): Readonly<Record<string, unknown>> {
    const names = this.attributes(group)['original-names'];
    return typeof names === 'object' && names !== null ? (names as Record<string, unknown>) : {};
  }

  /** How anndata encoded an element; empty if that is not stated. */
  encoding(path: string): string {
    const encoding = this.attributes(path)['encoding-type'];
    return typeof encoding === 'string' ? encoding : '';
  }

  /** The path of the texts: with pandas 3, anndata writes names and categories with a mask that marks nothing. */
  texts(path: string): string {
    return this.encoding(path) === 'nullable-string-array' ? `${path}/values` : path;
  }

  /** The document of an array as it is, unchecked. */
  json(path: string): unknown {
    return this.#byKey.get(`${path}/${this.format === 2 ? '.zarray' : 'zarr.json'}`);
  }

  /** Shape, chunks and codecs of an array, checked. */
  array(path: string): ArrayDocument {
    const where = `${this.source} (${path})`;
    if (this.format === 2) {
      const { shape, chunks, dtype, filters, compressor } = check(
        ArrayV2Schema,
        this.#byKey.get(`${path}/.zarray`),
        where,
      );
      const codecs = [...(filters ?? []), ...(compressor ? [compressor] : [])].map(({ id }) => id);
      return checkRanks({ shape, chunks, dtype, codecs }, where);
    }
    const { shape, chunk_grid, data_type, codecs } = check(
      ArrayV3Schema,
      this.#byKey.get(`${path}/zarr.json`),
      where,
    );
    const inner = codecs.find(({ name }) => name === 'sharding_indexed')?.configuration?.chunk_shape;
    const chunks = inner ?? chunk_grid.configuration.chunk_shape;
    return checkRanks({ shape, chunks, dtype: data_type, codecs: codecs.map(({ name }) => name) }, where);
  }

  #pathOf(key: string): string {
    return key.slice(0, Math.max(0, key.lastIndexOf('/')));
  }
}

export interface ArrayDocument {
  readonly shape: readonly number[];
  /** The shape that is decompressed at once; of the inner chunks if there are shards. */
  readonly chunks: readonly number[];
  /** As the format writes it, such as `<f4` or `float32`. */
  readonly dtype: string;
  readonly codecs: readonly string[];
}

/** Most values of an array, values of a chunk, and chunks; with more, the page would run out of memory. */
const MOST_VALUES = 2 ** 40;
const MOST_IN_CHUNK = 2 ** 28;

function checkRanks(array: ArrayDocument, where: string): ArrayDocument {
  const product = (sides: readonly number[]) => sides.reduce((all, side) => all * side, 1);
  if (product(array.shape) > MOST_VALUES || product(array.chunks) > MOST_IN_CHUNK) {
    throw new ViewerError(
      `In ${where}: an array of ${array.shape.join(' × ')} values in chunks of ${array.chunks.join(' × ')} is too large for a browser.`,
      'The store is damaged, or not meant for browsers: write it again with karospace-stream export --format anndata.',
    );
  }
  if (array.shape.length === array.chunks.length) return array;
  throw new ViewerError(
    `In ${where}: an array of ${array.shape.length} axes has chunks of ${array.chunks.length} axes.`,
    'The store is damaged: write it again.',
  );
}

export function notConsolidated(where: string): ViewerError {
  return new ViewerError(
    `The Zarr store ${where} has no consolidated metadata, and a web host cannot list its files.`,
    'Run zarr.consolidate_metadata on it, or write it again with karospace-stream export --format anndata.',
  );
}
