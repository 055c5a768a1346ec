const BLOCK = `\
layout(std140) uniform shapesUniforms {
  vec4 ink;
  float opacity;
} shapes;
`;

// A type, not an interface: luma.gl wants an index signature.
export type ShapesUniforms = {
  /** A colour, and how much of it is mixed with that of the cells. */
  ink: number[];
  opacity: number;
};

export const shapesUniforms = {
  name: 'shapes',
  vs: BLOCK,
  fs: BLOCK,
  uniformTypes: { ink: 'vec4<f32>', opacity: 'f32' },
} as const;
