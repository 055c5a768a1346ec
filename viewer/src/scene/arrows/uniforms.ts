const BLOCK = `\
layout(std140) uniform segmentsUniforms {
  vec4 color;
  vec4 haloColor;
  float width;
  float head;
  float halo;
  float pixel;
} segments;
`;

// A type, not an interface: luma.gl wants an index signature.
export type SegmentsUniforms = {
  color: number[];
  haloColor: number[];
  /** In CSS pixels, like the length of the head and the width of the halo. */
  width: number;
  head: number;
  halo: number;
  /** Canvas pixels per CSS pixel. */
  pixel: number;
};

export const segmentsUniforms = {
  name: 'segments',
  vs: BLOCK,
  fs: BLOCK,
  uniformTypes: {
    color: 'vec4<f32>',
    haloColor: 'vec4<f32>',
    width: 'f32',
    head: 'f32',
    halo: 'f32',
    pixel: 'f32',
  },
} as const;
