type Color = readonly [number, number, number];

/** Colours that depend on the theme of the page. */
export interface SceneColors {
  readonly plain: Color;
  readonly missing: Color;
  /** Colour of cells that do not express the gene. */
  readonly zero: Color;
  readonly stage: Color;
  readonly ink: Color;
  readonly accent: Color;
}

export const FIRST_COLORS: SceneColors = {
  plain: [38, 70, 83],
  missing: [200, 204, 208],
  zero: [216, 219, 221],
  stage: [255, 255, 255],
  ink: [0, 0, 0],
  accent: [23, 105, 122],
};
