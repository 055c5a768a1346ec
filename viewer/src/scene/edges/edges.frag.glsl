#version 300 es
#define SHADER_NAME cell-edges-fragment

precision highp float;

in float placed;

out vec4 fragColor;

void main(void) {
  if (placed < 0.9999) discard;
  fragColor = edges.color;
}
