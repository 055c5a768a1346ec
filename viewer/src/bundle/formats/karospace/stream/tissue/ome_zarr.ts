import * as v from 'valibot';
import * as zarr from 'zarrita';
import { MOST_JSON_NBYTES } from '../../../../../bytes/bounded';
import { FileMissingError, ViewerError } from '../../../../../bytes/errors';
import { splitPath, type Bytes, type Files } from '../../../../../bytes/files';
import { UnseenHostError } from '../../../../../bytes/http/consent';
import { HttpFiles } from '../../../../../bytes/http/http_files';
import { readJson } from '../../../../../bytes/json';
import { isAbort, Once } from '../../../../../bytes/shared';
import type { Numbers } from '../../../../../bytes/numbers';
import { chooseCodecs } from '../../../anndata/zarr/codecs';
import { toNumbers } from '../../../anndata/zarr/values';

interface Size {
  readonly width: number;
  readonly height: number;
}

interface Corner {
  readonly channel: number;
  readonly level: number;
  readonly left: number;
  readonly top: number;
}

type Level = zarr.Array<zarr.DataType, zarr.AsyncReadable>;

const Multiscales = v.pipe(
  v.array(
    v.object({
      axes: v.array(v.object({ name: v.string() })),
      datasets: v.pipe(v.array(v.object({ path: v.string() })), v.minLength(1)),
    }),
  ),
  v.minLength(1),
);
const V2Schema = v.object({ multiscales: Multiscales });
const V3Schema = v.object({ attributes: v.object({ ome: V2Schema }) });

/** A chunk of more values would not fit into the memory of a tab beside others. */
const MOST_IN_CHUNK = 2 ** 26;

chooseCodecs();

/** A multiscale image of OME-Zarr 0.4 or 0.5 on a host, of which only the chunks of asked tiles are read. */
export class OmeZarr {
  readonly #files: Files;
  readonly #image = new Once(() => this.#describe());
  readonly #levels = new Map<number, Promise<Level>>();

  constructor(
    readonly url: URL,
    readonly sizes: readonly Size[],
    readonly nChannels: number,
    files?: Files,
  ) {
    const folder = new URL(url);
    if (!folder.pathname.endsWith('/')) folder.pathname += '/';
    this.#files = files ?? new HttpFiles(folder);
  }

  /** The values of a box of one channel, row by row. */
  async values({ channel, level, left, top }: Corner, size: Size, signal?: AbortSignal): Promise<Numbers> {
    try {
      const { axes } = await this.#image.get(signal);
      const array = await this.#level(level);
      const box = axes.map((name) => {
        if (name === 'y') return zarr.slice(top, top + size.height);
        if (name === 'x') return zarr.slice(left, left + size.width);
        return name === 'c' ? channel : 0;
      });
      const found = await zarr.get(array, box, { signal });
      const values = toNumbers(found.data);
      // The library hands on what lies in memory as columns, too.
      const order = axes.indexOf('y') < axes.indexOf('x') ? values : turned(values, size);
      if (order.length === size.width * size.height) return order;
      throw new Error(`a tile must hold ${size.width * size.height} values, not ${order.length}`);
    } catch (error) {
      throw this.#explained(error, signal);
    }
  }

  #level(number: number): Promise<Level> {
    let opened = this.#levels.get(number);
    if (!opened) {
      opened = this.#open(number);
      this.#levels.set(number, opened);
      // One that failed is asked for anew.
      opened.catch(() => this.#levels.delete(number));
    }
    return opened;
  }

  async #open(number: number): Promise<Level> {
    const { axes, paths, version } = await this.#image.get();
    if (number >= paths.length) throw new Error(`it has ${paths.length} levels, not ${number + 1}`);
    const path = splitPath(paths[number]).map(encodeURIComponent).join('/');
    const open = version === 2 ? zarr.open.v2 : zarr.open.v3;
    const store: zarr.AsyncReadable = new ChunkStore(this.#files);
    const array = await open(new zarr.Location(store, `/${path}`), { kind: 'array' });
    this.#check(array, axes, number);
    return array;
  }

  #check({ shape, chunks }: { shape: number[]; chunks: number[] }, axes: readonly string[], level: number) {
    const [height, width, count] = ['y', 'x', 'c'].map((name) => shape[axes.indexOf(name)]);
    const wanted = this.sizes[level];
    if (shape.length !== axes.length || width !== wanted.width || height !== wanted.height)
      throw new Error(`level ${level} has the shape (${shape.join(', ')})`);
    if ((axes.includes('c') ? count : 1) < this.nChannels)
      throw new Error(`it has fewer than ${this.nChannels} channels`);
    if (chunks.reduce((product, side) => product * side, 1) > MOST_IN_CHUNK)
      throw new Error(`its chunks of ${chunks.join(' × ')} values are too large for a browser`);
  }

  async #describe() {
    const { version, multiscale } = await this.#multiscale();
    const axes = multiscale.axes.map(({ name }) => name.toLowerCase());
    if (!axes.includes('x') || !axes.includes('y')) throw new Error('it has no axes x and y');
    return { version, axes, paths: multiscale.datasets.map(({ path }) => path) };
  }

  async #multiscale() {
    try {
      const document = v.parse(V3Schema, await this.#json('zarr.json'));
      return { version: 3, multiscale: document.attributes.ome.multiscales[0] };
    } catch (error) {
      if (!(error instanceof FileMissingError)) throw error;
    }
    return { version: 2, multiscale: v.parse(V2Schema, await this.#json('.zattrs')).multiscales[0] };
  }

  #json(path: string): Promise<unknown> {
    return readJson(this.#files, path, { most: MOST_JSON_NBYTES });
  }

  #explained(error: unknown, signal?: AbortSignal): unknown {
    signal?.throwIfAborted();
    if (isAbort(error)) return error;
    // The page asks about a host before; here it can only be a redirect.
    if (error instanceof ViewerError && !(error instanceof UnseenHostError)) return error;
    return new ViewerError(
      `The image at ${this.url.href} cannot be shown: ${error instanceof Error ? error.message : String(error)}.`,
      'It was changed after the export, or is written in a way that this page does not know: export it again, as a copy.',
      { cause: error },
    );
  }
}

/** Documents and chunks of a store on a host. A missing chunk holds the fill value only, by the rule of the format. */
class ChunkStore implements zarr.AsyncReadable {
  constructor(readonly files: Files) {}

  get(key: zarr.AbsolutePath, options?: zarr.GetOptions): Promise<Bytes | undefined> {
    return orNone(this.files.get(decoded(key), { signal: options?.signal }));
  }

  getRange(
    key: zarr.AbsolutePath,
    range: zarr.RangeQuery,
    options?: zarr.GetOptions,
  ): Promise<Bytes | undefined> {
    // The list at the end of a shard is shared by the library: others may wait for it.
    const signal = 'suffixLength' in range ? undefined : options?.signal;
    return orNone(this.files.range(decoded(key), range, { signal }));
  }
}

/** The library escapes paths, and so do the files. */
function decoded(key: string): string {
  return key.slice(1).split('/').map(decodeURIComponent).join('/');
}

async function orNone(read: Promise<Bytes>): Promise<Bytes | undefined> {
  try {
    const bytes = await read;
    // The reader uses the underlying buffer from its beginning.
    return bytes.byteOffset === 0 ? bytes : bytes.slice();
  } catch (error) {
    if (error instanceof FileMissingError) return undefined;
    throw error;
  }
}

/** Columns as rows. */
function turned(values: Numbers, { width, height }: Size): Numbers {
  const rows = values.slice();
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rows[y * width + x] = values[x * height + y];
  return rows;
}
