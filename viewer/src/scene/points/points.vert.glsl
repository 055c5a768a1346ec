#version 300 es
#define SHADER_NAME cell-points-vertex

in vec3 positions;
in vec3 origins;
in float values;
in float shown;

uniform sampler2D colorTable;

out vec4 pointColor;
flat out float diameter;

// isnan() may be optimised away; the bits may not.
bool isMissing(float value) {
  return (floatBitsToUint(value) & 0x7fffffffu) > 0x7f800000u;
}

bool isOwnZero(float value) {
  return points.zeroIsOwn > 0.5 && value == 0.0;
}

// The steps of each gene in the table of mixtures. A code has a byte for each, the root of its share.
int mixtureOf(uint code) {
  vec3 roots = vec3(code & 255u, (code >> 8) & 255u, code >> 16) / 255.0;
  vec3 width = max(points.blendHigh.xyz - points.blendLow.xyz, 1e-6);
  vec3 shares = clamp((roots * roots - points.blendLow.xyz) / width, 0.0, 1.0);
  int steps = int(points.blendLow.w);
  ivec3 at = ivec3(shares * float(steps - 1) + 0.5);
  return at.x + steps * (at.y + steps * at.z);
}

// As in state/colouring/scale.ts. Of tiny numbers the logarithm would keep few digits.
float placeOf(float value) {
  if (points.scale != SCALE_LOG1P && points.scale != SCALE_SQRT) return value;
  float whole = value + points.base;
  float size = abs(whole);
  if (points.scale == SCALE_SQRT) return sign(whole) * sqrt(size);
  return sign(whole) * (size < 1e-3 ? size * (1.0 - 0.5 * size) : log(1.0 + size));
}

vec4 colorOf(float value) {
  if (points.kind == KIND_PLAIN) return points.plainColor;
  if (isMissing(value)) return points.missingColor;
  if (isOwnZero(value)) return points.zeroColor;
  if (points.kind == KIND_CATEGORY || points.kind == KIND_BLEND) {
    int code = points.kind == KIND_BLEND ? mixtureOf(uint(value)) : int(value);
    return texelFetch(colorTable, ivec2(code & 255, code >> 8), 0);
  }
  float place = placeOf(value);
  float share = clamp((place - points.range.x) / max(points.range.y - points.range.x, 1e-37), 0.0, 1.0);
  return texelFetch(colorTable, ivec2(int(share * 255.0 + 0.5), 0), 0);
}

const float LARGEST_DISC = 64.0;
// How much of the farthest cells the background takes.
const float MIST = 0.45;
const float FAINT = 0.14;

// Cells without earlier coordinates do not move.
vec3 placeNow() {
  if (points.arrived >= 1.0 || isMissing(origins.x) || isMissing(origins.y)) return positions;
  return vec3(mix(origins.xy * points.fit.xy + points.fit.zw, positions.xy, points.arrived), positions.z);
}

void main(void) {
  if (shown < 0.1 || isMissing(positions.x) || isMissing(positions.y) || isMissing(positions.z)) {
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    gl_PointSize = 0.0;
    return;
  }
  vec3 place = placeNow();
  geometry.worldPosition = place;
  gl_Position = project_position_to_clipspace(place, vec3(0.0), vec3(0.0), geometry.position);
  float nearness = project.focalDistance / gl_Position.w;
  float whole = points.diameter * (isMissing(values) || isOwnZero(values) ? 1.0 : points.growth);
  diameter = clamp(whole * nearness, points.unit, max(LARGEST_DISC * points.unit, whole)) * project.devicePixelRatio;
  // The square around a turned one is larger.
  gl_PointSize = diameter * mix(1.0, abs(cos(points.angle)) + abs(sin(points.angle)), points.isSquare);
  vec3 color = colorOf(values).rgb;
  float opacity = layer.opacity;
  if (points.depthRadius > 0.0) {
    float depth = (gl_Position.w - project.focalDistance) / points.depthRadius;
    color = mix(color, points.stageColor.rgb, MIST * smoothstep(-0.4, 1.0, depth));
  }
  if (shown < 0.9) {
    if (points.depthRadius > 0.0) color = mix(points.stageColor.rgb, color, FAINT);
    else opacity *= FAINT;
  }
  pointColor = vec4(color, opacity);
}
