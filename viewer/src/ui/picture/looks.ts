import type { SceneColors } from '../../scene/scene';
import type { FigureOptions } from '../../state/picture/figure_options';
import { hex } from '../../state/colouring/contrast';
import { COLORS } from '../stage/colors';

/** Fonts that journals accept. */
export const JOURNAL_FONT = 'Arial, Helvetica, sans-serif';

interface Look {
  readonly colors: SceneColors;
  readonly ink: string;
  /** Colour of the background; null if there is none. */
  readonly paper: string | null;
}

const WHITE: SceneColors = { ...COLORS.light, stage: [255, 255, 255] };

/** Colours of figures, by background; they do not depend on the theme of the page. */
export const LOOKS: Record<FigureOptions['background'], Look> = {
  white: lookOf(WHITE, true),
  dark: lookOf(COLORS.dark, true),
  transparent: lookOf(WHITE, false),
};

function lookOf(colors: SceneColors, isOpaque: boolean): Look {
  return { colors, ink: hex(colors.ink), paper: isOpaque ? hex(colors.stage) : null };
}
