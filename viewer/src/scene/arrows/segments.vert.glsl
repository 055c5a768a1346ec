#version 300 es
#define SHADER_NAME segments-vertex

in vec3 tails;
in vec3 tips;

// Along the line from its tail, and across it, in pixels of the screen.
out vec2 place;
flat out float reach;

void main(void) {
  geometry.worldPosition = tails;
  vec4 tail = project_position_to_clipspace(tails, vec3(0.0), vec3(0.0), geometry.position);
  vec4 tip = project_position_to_clipspace(tips, vec3(0.0), vec3(0.0), geometry.position);
  if (tail.w <= 0.0 || tip.w <= 0.0) {
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    return;
  }
  vec2 toPixels = 0.5 * project.viewportSize;
  vec2 from = tail.xy / tail.w * toPixels;
  vec2 way = tip.xy / tip.w * toPixels - from;
  reach = length(way);
  vec2 along = reach > 0.0 ? way / reach : vec2(1.0, 0.0);
  vec2 across = vec2(-along.y, along.x);
  float pixel = project.devicePixelRatio;
  float pad = (0.5 * segments.width + segments.halo + 1.0) * pixel;
  float side = pad + 0.5 * segments.head * pixel;
  bool atTip = gl_VertexID > 1;
  place = vec2(atTip ? reach + pad : -pad, (gl_VertexID & 1) == 0 ? -side : side);
  vec2 spot = (from + along * place.x + across * place.y) / toPixels;
  // Flat on the screen, so that the distances above stay what they are; the depth is that of the end.
  gl_Position = vec4(spot, atTip ? tip.z / tip.w : tail.z / tail.w, 1.0);
}
