#version 300 es
#define SHADER_NAME cell-points-vertex

in vec2 positions;
in float values;
in float shown;

uniform sampler2D colorTable;

out vec4 pointColor;
flat out float diameter;

// isnan() may be optimised away; the bits may not.
bool isMissing(float value) {
  return (floatBitsToUint(value) & 0x7fffffffu) > 0x7f800000u;
}

vec4 colorOf(float value) {
  if (points.kind == KIND_PLAIN) return points.plainColor;
  if (isMissing(value)) return points.missingColor;
  if (points.kind == KIND_CATEGORY) {
    int code = int(value);
    return texelFetch(colorTable, ivec2(code & 255, code >> 8), 0);
  }
  float share = clamp((value - points.range.x) / max(points.range.y - points.range.x, 1e-37), 0.0, 1.0);
  return texelFetch(colorTable, ivec2(int(share * 255.0 + 0.5), 0), 0);
}

void main(void) {
  if (shown < 0.5 || isMissing(positions.x) || isMissing(positions.y)) {
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    gl_PointSize = 0.0;
    return;
  }
  geometry.worldPosition = vec3(positions, 0.0);
  gl_Position = project_position_to_clipspace(vec3(positions, 0.0), vec3(0.0), vec3(0.0), geometry.position);
  diameter = max(points.diameter * project.devicePixelRatio, 1.0);
  gl_PointSize = diameter;
  pointColor = vec4(colorOf(values).rgb, layer.opacity);
}
