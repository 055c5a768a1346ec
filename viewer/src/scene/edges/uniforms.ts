const BLOCK = `\
layout(std140) uniform edgesUniforms {
  vec4 color;
} edges;
`;

// A type, not an interface: luma.gl wants an index signature.
export type EdgesUniforms = {
  /** Red, green, blue and opacity, from 0 to 1. */
  color: number[];
};

export const edgesUniforms = {
  name: 'edges',
  vs: BLOCK,
  fs: BLOCK,
  uniformTypes: { color: 'vec4<f32>' },
} as const;
