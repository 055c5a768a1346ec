import type { Atlas } from '../schema';
import { brokenParts } from '../parts';

type Described = Atlas['slides'][number];

/** Most slides of a bundle, and channels of a slide: the program writes far fewer. */
const [MOST_SLIDES, MOST_CHANNELS] = [100_000, 1000];
/** A tile of the largest takes 64 MB of the graphics card for each channel. */
const [SMALLEST_TILE, LARGEST_TILE] = [16, 4096];
/** No slide is larger; beyond it, numbers of pixels would not be exact on the graphics card. */
const LONGEST_SIDE = 2 ** 24;

/** Refuses a slide whose numbers do not fit together. */
export function checkSlide(slide: Described, number: number, atlas: Atlas): void {
  const wrong = wrongIn(slide, atlas) ?? wrongLevels(slide) ?? wrongPaths(slide);
  if (wrong !== null) throw brokenParts(`slide ${number} ${wrong}`);
}

function wrongIn(slide: Described, { slides, embeddings, sections }: Atlas): string | null {
  const { embedding, section, tile, to_pixel } = slide;
  if (slides.length > MOST_SLIDES) return `is one of ${slides.length}, which are too many`;
  if ((embeddings[embedding]?.dims ?? 0) < 2) return `lies under embedding ${embedding}`;
  if (section !== null && section >= (sections?.items.length ?? 0)) return `belongs to section ${section}`;
  if (tile < SMALLEST_TILE || tile > LARGEST_TILE) return `has tiles of ${tile} pixels`;
  if (!to_pixel) return null;
  const [a, b, , d, e] = to_pixel;
  const area = a * e - b * d;
  return area !== 0 && to_pixel.every(Number.isFinite) && Number.isFinite(1 / area)
    ? null
    : 'is placed by numbers that cannot be turned around';
}

/** Each level is half of the one before. Other programs round down. */
function wrongLevels({ levels, width, height, tile, kind }: Described): string | null {
  const [whole] = levels;
  if (whole.width !== width || whole.height !== height) return 'differs in size from its first level';
  if (Math.min(width, height) < 1 || Math.max(width, height) > LONGEST_SIDE)
    return `has ${width} × ${height} pixels`;
  const isHalf = (small: number, large: number) =>
    small === Math.ceil(large / 2) || (kind === 'ome-zarr' && small === Math.max(1, Math.floor(large / 2)));
  for (let level = 1; level < levels.length; level++) {
    const [large, small] = [levels[level - 1], levels[level]];
    if (isHalf(small.width, large.width) && isHalf(small.height, large.height)) continue;
    return `has a level ${level} that is not half of the one before`;
  }
  const { width: wide, height: high } = levels[levels.length - 1];
  return kind !== 'ome-zarr' && Math.max(wide, high) > tile ? 'has no level that fits in one tile' : null;
}

function wrongPaths(slide: Described): string | null {
  if (slide.kind === 'rgb') return wrongPath(slide.path, /\.(jpg|png)$/);
  if (slide.channels.length < 1 || slide.channels.length > MOST_CHANNELS)
    return `has ${slide.channels.length} channels`;
  if (slide.kind === 'ome-zarr') return wrongUrl(slide.url);
  for (const { path } of slide.channels) {
    const wrong = wrongPath(path, /\.bin\.gz$/);
    if (wrong !== null) return wrong;
  }
  return null;
}

function wrongPath(path: string, ending: RegExp): string | null {
  const isWhole = ['{level}', '{row}', '{column}'].every((each) => path.split(each).length === 2);
  return isWhole && ending.test(path) ? null : `has the path ${path}`;
}

function wrongUrl(url: string): string | null {
  try {
    const { protocol, username, password } = new URL(url);
    if (/^https?:$/.test(protocol) && username === '' && password === '') return null;
  } catch {
    // Said below.
  }
  return `lies at ${url}, which is no address that a page can read`;
}
