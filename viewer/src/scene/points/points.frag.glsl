#version 300 es
#define SHADER_NAME cell-points-fragment

precision highp float;

in vec4 pointColor;
flat in float diameter;

out vec4 fragColor;

void main(void) {
  // Below three pixels a disc is no rounder than a square.
  float coverage = 1.0;
  if (diameter > 3.0) {
    float distance = length(gl_PointCoord - 0.5) * diameter;
    // A small disc keeps its full ink, half a pixel beyond its rim: else it would look smaller than a square of
    // three pixels. A large one has its soft rim inside.
    float beyond = 0.5 * clamp((8.0 - diameter) / 5.0, 0.0, 1.0);
    coverage = clamp(diameter * 0.5 + beyond - distance, 0.0, 1.0);
    // Where there is depth a faint rim would hide what is behind it.
    if (coverage <= (points.depthRadius > 0.0 ? 0.5 : 0.0)) discard;
  }
  fragColor = vec4(pointColor.rgb, pointColor.a * coverage);
}
