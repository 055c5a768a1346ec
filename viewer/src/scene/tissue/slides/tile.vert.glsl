#version 300 es
#define SHADER_NAME slide-tile-vertex

out vec2 place;

void main(void) {
  place = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  // Left, top, right and bottom, in pixels of the slide.
  vec3 corner = vec3(mix(slide.bounds.xy, slide.bounds.zw, place), 0.0);
  geometry.worldPosition = corner;
  gl_Position = project_position_to_clipspace(corner, vec3(0.0), vec3(0.0), geometry.position);
}
