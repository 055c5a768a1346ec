#version 300 es
#define SHADER_NAME cell-points-fragment

precision highp float;

in vec4 pointColor;
flat in float diameter;

out vec4 fragColor;

void main(void) {
  // Below three pixels a disc is no rounder than a square.
  float coverage = 1.0;
  if (points.isSquare > 0.5) {
    vec2 side = vec2(cos(points.angle), sin(points.angle));
    vec2 at = (gl_PointCoord - 0.5) * diameter * (abs(side.x) + abs(side.y));
    vec2 place = abs(vec2(dot(at, side), dot(at, vec2(-side.y, side.x))));
    // Squares beside each other leave no seam.
    if (diameter > 3.0) coverage = clamp(diameter * 0.5 + 0.5 - max(place.x, place.y), 0.0, 1.0);
  } else if (diameter > 3.0) {
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
