import type { ArrayReader } from './zarr/arrays';

const SPATIAL = 'uns/spatial';
/** As in the exporter (`model/catalog.py`): spots that differ by less are drawn in one size; a scale bar is exact to a hundredth. */
const SAME_SPOTS = 1.1;
const SAME_LENGTH = 1.01;
/** A request for each library and factor. */
const MOST_LIBRARIES = 64;

/** Lengths that `uns["spatial"]` states for the coordinates of `obsm["spatial"]`, which are pixels of the full image. */
export interface Scales {
  readonly spotDiameter: number | null;
  readonly micronsPerUnit: number | null;
}

/** The scale factors on which all libraries agree. */
export async function scalesOf(reader: ArrayReader): Promise<Scales> {
  const libraries = reader.store.documents.children(SPATIAL).slice(0, MOST_LIBRARIES);
  const stated = async (factor: string) => {
    const values = await Promise.all(
      // An unreadable factor must not keep the data from being shown.
      libraries.map((each) =>
        reader.scalarNumber(`${SPATIAL}/${each}/scalefactors/${factor}`).catch(() => null),
      ),
    );
    return values.filter((value) => value !== null);
  };
  const [spots, microns] = await Promise.all([stated('spot_diameter_fullres'), stated('microns_per_pixel')]);
  return { spotDiameter: common(spots, SAME_SPOTS), micronsPerUnit: common(microns, SAME_LENGTH) };
}

function common(stated: readonly number[], same: number): number | null {
  const [least, most] = [Math.min(...stated), Math.max(...stated)];
  return least > 0 && most < Infinity && most <= same * least ? stated[0] : null;
}
