#version 300 es
#define SHADER_NAME cell-edges-vertex

in vec3 positions;

// 1 at an end that has a place: a line with an end that has none is not drawn.
out float placed;

bool isMissing(float value) {
  return (floatBitsToUint(value) & 0x7fffffffu) > 0x7f800000u;
}

void main(void) {
  if (isMissing(positions.x) || isMissing(positions.y) || isMissing(positions.z)) {
    placed = 0.0;
    gl_Position = vec4(0.0, 0.0, 0.0, 1.0);
    return;
  }
  placed = 1.0;
  geometry.worldPosition = positions;
  gl_Position = project_position_to_clipspace(positions, vec3(0.0), vec3(0.0), geometry.position);
}
