const BLOCK = `\
layout(std140) uniform transcriptsUniforms {
  vec4 color;
  vec4 rimColor;
  float diameter;
  float rim;
} transcripts;
`;

// A type, not an interface: luma.gl wants an index signature.
export type TranscriptsUniforms = {
  color: number[];
  rimColor: number[];
  /** In pixels of the page, like the width of the rim. */
  diameter: number;
  rim: number;
};

export const transcriptsUniforms = {
  name: 'transcripts',
  vs: BLOCK,
  fs: BLOCK,
  uniformTypes: { color: 'vec4<f32>', rimColor: 'vec4<f32>', diameter: 'f32', rim: 'f32' },
} as const;
