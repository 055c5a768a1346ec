#version 300 es
#define SHADER_NAME cell-shapes-fragment

precision highp float;

in vec4 shapeColor;

out vec4 fragColor;

void main(void) {
  fragColor = shapeColor;
}
