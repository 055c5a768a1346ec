import type { SlideLook } from '../../../state/drawing/slide_look';
import type { Tile } from './tile_source';

const BLOCK = `\
layout(std140) uniform slideUniforms {
  mat4 firstChannels;
  mat4 lastChannels;
  vec4 firstHighs;
  vec4 lastHighs;
  vec4 bounds;
  vec2 scale;
  float count;
  float opacity;
  float brightness;
  float contrast;
  float gamma;
  float softness;
} slide;
`;

// A type, not an interface: luma.gl wants an index signature.
export type SlideUniforms = {
  /** Of four channels each: red, green, blue, and the value that is drawn black. */
  firstChannels: number[];
  lastChannels: number[];
  /** Of four channels each: the value that is drawn in full colour. */
  firstHighs: number[];
  lastHighs: number[];
  /** Left, top, right and bottom of the tile, in pixels of the slide. */
  bounds: number[];
  /** Factors for the two parts of a texel that make a value. */
  scale: number[];
  /** Number of channels. */
  count: number;
  opacity: number;
  brightness: number;
  contrast: number;
  gamma: number;
  /** 1: what is drawn larger than it is has no squares. */
  softness: number;
};

export const slideUniforms = {
  name: 'slide',
  vs: BLOCK,
  fs: BLOCK,
  uniformTypes: {
    firstChannels: 'mat4x4<f32>',
    lastChannels: 'mat4x4<f32>',
    firstHighs: 'vec4<f32>',
    lastHighs: 'vec4<f32>',
    bounds: 'vec4<f32>',
    scale: 'vec2<f32>',
    count: 'f32',
    opacity: 'f32',
    brightness: 'f32',
    contrast: 'f32',
    gamma: 'f32',
    softness: 'f32',
  },
} as const;

/** What the shader needs for a tile. Channels that the tile does not hold yet are left out. */
export function uniformsOf(
  tile: Tile,
  look: SlideLook,
  bounds: readonly number[],
  opacity: number,
  isSoft = false,
): SlideUniforms {
  const { brightness, contrast, gamma } = look;
  const [colors, highs] = [new Array<number>(32).fill(0), new Array<number>(8).fill(1)];
  const held = tile.kind === 'rgb' ? [] : tile.channels;
  held.forEach((number, layer) => {
    // One that was turned off stays black until the tile is there without it.
    const channel = look.channels.find((each) => each.number === number);
    const [red, green, blue] = channel?.color ?? [0, 0, 0];
    colors.splice(4 * layer, 4, red, green, blue, channel?.low ?? 0);
    highs[layer] = channel?.high ?? 1;
  });
  return {
    firstChannels: colors.slice(0, 16),
    lastChannels: colors.slice(16),
    firstHighs: highs.slice(0, 4),
    lastHighs: highs.slice(4),
    bounds: [...bounds],
    scale: scaleOf(tile),
    count: held.length,
    opacity,
    brightness,
    contrast,
    gamma,
    softness: isSoft ? 1 : 0,
  };
}

/** The graphics card gives bytes as shares of 255; numbers of 16 bits are two bytes, the lower one first. */
function scaleOf(tile: Tile): number[] {
  if (tile.kind === 'rgb' || tile.values instanceof Uint8Array) return [255, 0];
  return tile.values instanceof Uint16Array ? [255, 255 * 256] : [1, 0];
}
