export type Point = readonly [number, number];
/** Corners of a closed line; the last is not the first again. */
export type Ring = readonly Point[];
/** The line around it, and those around its holes. */
export type Polygon = readonly Ring[];

/** A part of a tissue that was drawn or imported. Its polygons may overlap. Never changed. */
export interface Region {
  readonly embedding: number;
  /** Number of a section; null for cells of all sections. */
  readonly section: number | null;
  /** In coordinates of the source. */
  readonly polygons: readonly Polygon[];
}

/** Both regions as one; null if they lie on different tissue. */
export function joined(one: Region, other: Region): Region | null {
  if (one.embedding !== other.embedding || one.section !== other.section) return null;
  return { ...one, polygons: [...one.polygons, ...other.polygons] };
}
