import type { Scale } from '../../state/colouring/scale';

/** How the shader looks up a colour. */
export const KINDS = { plain: 0, category: 1, number: 2, blend: 3 } as const;

/** How the shader spreads numbers over the colours, as in `state/colouring/scale.ts`. */
export const CURVES = { linear: 0, log1p: 1, sqrt: 2 } as const satisfies Record<Scale, number>;

const BLOCK = `\
const float KIND_PLAIN = ${KINDS.plain}.0;
const float KIND_CATEGORY = ${KINDS.category}.0;
const float KIND_BLEND = ${KINDS.blend}.0;
const float SCALE_LOG1P = ${CURVES.log1p}.0;
const float SCALE_SQRT = ${CURVES.sqrt}.0;
layout(std140) uniform pointsUniforms {
  vec4 plainColor;
  vec4 missingColor;
  vec4 zeroColor;
  vec4 stageColor;
  vec4 blendLow;
  vec4 blendHigh;
  vec4 fit;
  vec2 range;
  float kind;
  float diameter;
  float depthRadius;
  float zeroIsOwn;
  float growth;
  float unit;
  float scale;
  float base;
  float arrived;
  float isSquare;
  float angle;
} points;
`;

// A type, not an interface: luma.gl wants an index signature.
export type PointsUniforms = {
  plainColor: number[];
  missingColor: number[];
  zeroColor: number[];
  stageColor: number[];
  /** Of each gene, the bounds of its range as shares of its extent; the last number of `blendLow` are the steps of the table. */
  blendLow: number[];
  blendHigh: number[];
  /** Scales and shifts the coordinates that cells come from. */
  fit: number[];
  range: number[];
  kind: number;
  /** CSS pixels. */
  diameter: number;
  /** Radius of all cells in the depth units of clip space; 0 in a plane. */
  depthRadius: number;
  /** 1 if cells with the value 0 have a colour of their own, else 0. */
  zeroIsOwn: number;
  /** Factor for the diameter of cells whose value has a colour of the range. */
  growth: number;
  /** Pixels per pixel of the page: more in a picture. */
  unit: number;
  /** How numbers are spread over the colours. */
  scale: number;
  /** What is added to a value before it is scaled. */
  base: number;
  /** The part of the way that is behind the cells; 1 for cells that do not move. */
  arrived: number;
  /** 1 if spots are squares, 0 if they are discs. */
  isSquare: number;
  /** Radians by which squares are turned, from right to down. */
  angle: number;
};

export const pointsUniforms = {
  name: 'points',
  vs: BLOCK,
  fs: BLOCK,
  uniformTypes: {
    plainColor: 'vec4<f32>',
    missingColor: 'vec4<f32>',
    zeroColor: 'vec4<f32>',
    stageColor: 'vec4<f32>',
    blendLow: 'vec4<f32>',
    blendHigh: 'vec4<f32>',
    fit: 'vec4<f32>',
    range: 'vec2<f32>',
    kind: 'f32',
    diameter: 'f32',
    depthRadius: 'f32',
    zeroIsOwn: 'f32',
    growth: 'f32',
    unit: 'f32',
    scale: 'f32',
    base: 'f32',
    arrived: 'f32',
    isSquare: 'f32',
    angle: 'f32',
  },
} as const;
