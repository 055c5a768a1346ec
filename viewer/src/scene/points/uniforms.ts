/** How the shader looks up a colour. */
export const KINDS = { plain: 0, category: 1, number: 2, blend: 3 } as const;

const BLOCK = `\
const float KIND_PLAIN = ${KINDS.plain}.0;
const float KIND_CATEGORY = ${KINDS.category}.0;
const float KIND_BLEND = ${KINDS.blend}.0;
layout(std140) uniform pointsUniforms {
  vec4 plainColor;
  vec4 missingColor;
  vec4 zeroColor;
  vec4 stageColor;
  vec4 blendLow;
  vec4 blendHigh;
  vec2 range;
  float kind;
  float diameter;
  float depthRadius;
  float zeroIsOwn;
  float growth;
  float unit;
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
    range: 'vec2<f32>',
    kind: 'f32',
    diameter: 'f32',
    depthRadius: 'f32',
    zeroIsOwn: 'f32',
    growth: 'f32',
    unit: 'f32',
  },
} as const;
