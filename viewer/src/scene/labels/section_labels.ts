import { isSeen, keepInside, touch, type Box, type Window } from './layout';

/** The cells of a section on the screen, in pixels. */
export interface Field {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface SectionField extends Field {
  readonly code: number;
  readonly text: string;
}

export interface SectionLabel extends Box {
  readonly of: 'section';
  readonly code: number;
  readonly text: string;
  readonly isSmall: boolean;
}

interface Style {
  readonly isSmall: boolean;
  readonly height: number;
  /** Pixels between the upper cells of a section and its name. */
  readonly gap: number;
}
const LARGE: Style = { isSmall: false, height: 22, gap: 5 };
const SMALL: Style = { isSmall: true, height: 14, gap: 1 };
/** A shorter name says too little: about three letters. */
const LEAST_WIDTH = 26;

/**
 * The names of sections that are laid out side by side: all above their cells; smaller, if they would cover cells
 * of other sections or each other; and if there is no room for that, on the upper edge of their own cells, cut to
 * their width. A section that is too small for a name has none.
 */
export function sectionLabels(
  sections: readonly SectionField[],
  size: Window,
  widthOf: (text: string, isSmall: boolean) => number,
): SectionLabel[] {
  for (const style of [LARGE, SMALL]) {
    const above = sections.map((section) => keepInside(aboveCells(section, style, widthOf), size));
    if (haveRoom(above, sections, size)) return above;
  }
  return sections.flatMap((section) => onOwnCells(section, widthOf) ?? []);
}

type WidthOf = (text: string, isSmall: boolean) => number;

function aboveCells(section: SectionField, { isSmall, height, gap }: Style, widthOf: WidthOf): SectionLabel {
  const y = section.top - gap - height / 2;
  return { ...centred(section, isSmall), y, width: widthOf(section.text, isSmall), height };
}

function onOwnCells(section: SectionField, widthOf: WidthOf): SectionLabel | null {
  const { height } = SMALL;
  const wanted = widthOf(section.text, true);
  const width = Math.min(wanted, section.right - section.left);
  const isTooSmall = width < Math.min(wanted, LEAST_WIDTH) || section.bottom - section.top < height;
  return isTooSmall ? null : { ...centred(section, true), y: section.top + height / 2, width, height };
}

function centred({ code, text, left, right }: SectionField, isSmall: boolean) {
  return { of: 'section' as const, code, text, isSmall, x: (left + right) / 2 };
}

/** Whether no visible name touches another one, nor the cells of another section. */
function haveRoom(labels: readonly SectionLabel[], fields: readonly SectionField[], size: Window): boolean {
  return labels.every((label, index) => {
    if (!isSeen(label, size)) return true;
    const isFree = (other: number) =>
      other === index || !(touch(label, boxOf(fields[other])) || touch(label, labels[other]));
    return fields.every((_, other) => isFree(other));
  });
}

function boxOf({ left, right, top, bottom }: Field): Box {
  return { x: (left + right) / 2, y: (top + bottom) / 2, width: right - left, height: bottom - top };
}
