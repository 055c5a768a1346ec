/** Maps coordinates of cells to pixels of the stage. */
export interface Projection {
  /** Column-major 4 x 4: its x and y, divided by its w, are pixels from the upper left. */
  readonly matrix: Float64Array;
  /** The w at which things are drawn in true size: 1 in a plane. Nearer things are drawn larger. */
  readonly focal: number;
}

/** Largest diameter of a near disc, in CSS pixels. */
export const LARGEST_DISC = 64;

/** Projects one point to pixels and depth; writes x, y and w into `out`. */
export function projectInto(
  out: Float64Array,
  { matrix: m }: Projection,
  x: number,
  y: number,
  z: number,
): void {
  const w = m[3] * x + m[7] * y + m[11] * z + m[15];
  out[0] = (m[0] * x + m[4] * y + m[8] * z + m[12]) / w;
  out[1] = (m[1] * x + m[5] * y + m[9] * z + m[13]) / w;
  out[2] = w;
}

/** Diameter of a disc at a depth, as in the shader. */
export function discAt(diameter: number, { focal }: Projection, w: number): number {
  return Math.min(Math.max(LARGEST_DISC, diameter), Math.max(1, (diameter * focal) / w));
}
