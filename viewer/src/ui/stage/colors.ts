/** As in tokens.css, for the canvas. */
export const COLORS = {
  light: {
    plain: [46, 98, 112],
    missing: [203, 207, 210],
    zero: [216, 219, 221],
    stage: [252, 252, 251],
    ink: [27, 36, 41],
    accent: [23, 105, 122],
  },
  dark: {
    plain: [118, 181, 196],
    missing: [68, 76, 82],
    zero: [54, 61, 66],
    stage: [14, 19, 21],
    ink: [230, 235, 237],
    accent: [103, 193, 208],
  },
} as const;
