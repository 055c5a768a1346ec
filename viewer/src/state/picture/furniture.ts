import { hex, parseColor } from '../colouring/contrast';
import { mix } from '../genes/blend';
import type { Swatch } from './legend';
import type { PictureLayout } from './layout';
import { MARGIN, SWATCH, TEXT, type Box } from './placed';
import type { ScaleBar } from './scale_bar';
import type { GroupShape, Shape, TextShape } from './shapes';

/** Length of an axis. */
const AXIS = 44;
const HEAD = 6;

type Rgb = readonly [number, number, number];

/** Colours of a figure. */
export interface FigureInks {
  readonly ink: Rgb;
  readonly stage: Rgb;
  readonly zero: Rgb;
  readonly missing: Rgb;
}

/** A name over the cells. */
export interface PlacedLabel {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

/** An axis, and where it leads on the screen. */
export interface Axis {
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

/** The title and the line below it. The layout lists them first. */
export function titleShapes({ texts, cells }: PictureLayout, { ink }: FigureInks): GroupShape {
  return group(
    'title',
    texts
      .filter(({ y }) => y < cells.y)
      .map((each): TextShape => ({ kind: 'text', fill: hex(ink), ...each })),
  );
}

export function legendShapes(
  { texts, swatches, bars, tiles, cells }: PictureLayout,
  inks: FigureInks,
): GroupShape {
  return group('legend', [
    ...swatches.map(({ swatch, x, y }): Shape => ({
      kind: 'discs',
      name: 'colour',
      fill: colorOf(swatch, inks),
      opacity: 1,
      spots: Float32Array.of(x, y, SWATCH),
    })),
    // Half a unit more, which the next tile covers, leaves no seam.
    ...tiles.map(({ shares, x, y, width, height }): Shape => ({
      kind: 'rect',
      x,
      y: y - 0.5,
      width: width + 0.5,
      height: height + 0.5,
      fill: hex(mix(shares, inks)),
    })),
    ...bars.map(({ colors, ...bar }): Shape => ({
      kind: 'rect',
      ...bar,
      fill: colors.map((each) => hex(parseColor(each))),
    })),
    ...texts
      .filter(({ y }) => y >= cells.y)
      .map((each): TextShape => ({ kind: 'text', fill: hex(inks.ink), ...each })),
  ]);
}

/** Names with a rim in the background's colour, so that they are legible on cells of any colour. */
export function labelShapes(
  labels: readonly PlacedLabel[],
  cells: Box,
  { ink, stage }: FigureInks,
): GroupShape {
  return {
    ...group(
      'labels',
      labels.map(({ text, x, y, size }): TextShape => {
        const at = { x: cells.x + x, y: cells.y + y };
        return {
          kind: 'text',
          text,
          ...at,
          size,
          bold: true,
          align: 'center',
          fill: hex(ink),
          rim: hex(stage),
        };
      }),
    ),
    clip: cells,
  };
}

/** The scale bar in a lower corner of the cells: the left one, unless the axes are there. */
export function scaleBarShapes(
  { width, label }: ScaleBar,
  cells: Box,
  { ink, stage }: FigureInks,
  onRight: boolean,
): GroupShape {
  const x = cells.x + (onRight ? cells.width - MARGIN - width : MARGIN);
  const y = cells.y + cells.height - MARGIN;
  const text = { kind: 'text', text: label, x: x + width / 2, y: y - 15, size: TEXT, bold: true } as const;
  return group('scale bar', [
    { kind: 'rect', x, y: y - 4, width, height: 4, fill: hex(ink), rim: hex(stage) },
    { ...text, align: 'center', fill: hex(ink), rim: hex(stage) },
  ]);
}

/** The line of a curtain, at a share of the width of the cells. */
export function curtainShapes(at: number, cells: Box, { ink, stage }: FigureInks): GroupShape {
  const x = cells.x + at * cells.width;
  const line = { kind: 'paths', each: 2, opacity: 1 } as const;
  const corners = Float32Array.of(x, cells.y, x, cells.y + cells.height);
  return group('curtain', [
    { ...line, name: 'curtain, rim', corners, color: hex(stage), width: 3 },
    { ...line, name: 'curtain', corners, color: hex(ink), width: 1.2 },
  ]);
}

/** The axes as arrows in the lower left of the cells, with their names at the tips. */
export function axesShapes(axes: readonly Axis[], cells: Box, { ink, stage }: FigureInks): GroupShape {
  const longest = Math.max(1e-9, ...axes.map(({ x, y }) => Math.hypot(x, y)));
  const ways = axes.map(({ name, x, y }) => ({ name, x: (x / longest) * AXIS, y: (y / longest) * AXIS }));
  // All of them have room, with a line of text around.
  const left = cells.x + MARGIN - Math.min(0, ...ways.map(({ x }) => x));
  const bottom = cells.y + cells.height - MARGIN - TEXT - Math.max(0, ...ways.map(({ y }) => y));
  const shapes = ways.flatMap(({ name, x, y }): Shape[] => {
    const length = Math.hypot(x, y);
    const at = (along: number, across: number): [number, number] => [
      left + (x * along - y * across) / Math.max(1e-9, length),
      bottom + (y * along + x * across) / Math.max(1e-9, length),
    ];
    const [tipX, tipY] = at(length, 0);
    const isFlat = Math.abs(x) > Math.abs(y);
    const text = {
      kind: 'text',
      text: name,
      size: TEXT,
      bold: false,
      fill: hex(ink),
      rim: hex(stage),
    } as const;
    const look = { kind: 'paths', name, color: hex(ink), opacity: 1 } as const;
    // An axis that leads away from the eye has no length.
    if (length < HEAD) return [];
    return [
      { ...look, each: 2, width: 1.2, corners: Float32Array.of(left, bottom, ...at(length - HEAD / 2, 0)) },
      {
        ...look,
        each: 3,
        width: 0,
        corners: Float32Array.of(tipX, tipY, ...at(length - HEAD, HEAD / 2), ...at(length - HEAD, -HEAD / 2)),
      },
      // To the left of its tip a name might be cut.
      isFlat && x > 0
        ? { ...text, x: tipX + 5, y: tipY, align: 'left' }
        : { ...text, x: Math.max(cells.x + 4, tipX - 4), y: tipY + (y > 0 ? 11 : -10), align: 'left' },
    ];
  });
  return group('axes', shapes);
}

function group(name: string, shapes: readonly Shape[]): GroupShape {
  return { kind: 'group', name, clip: null, shapes };
}

function colorOf(swatch: Swatch, inks: FigureInks): string {
  if (typeof swatch === 'string') return hex(inks[swatch]);
  return hex('shares' in swatch ? mix(swatch.shares, inks) : parseColor(swatch.color));
}
