#version 300 es
#define SHADER_NAME segments-fragment

precision highp float;

in vec2 place;
flat in float reach;

out vec4 fragColor;

// Distance from a shaft that ends under the head.
float toShaft(float headLength, float halfWidth) {
  float end = reach - 0.7 * headLength;
  return max(abs(place.y) - halfWidth, max(-place.x, place.x - end));
}

// Distance from a triangle whose point is the tip.
float toHead(float headLength) {
  vec2 slope = normalize(vec2(0.42, 1.0));
  float sides = dot(vec2(place.x - reach, abs(place.y)), slope);
  return max(sides, reach - headLength - place.x);
}

void main(void) {
  float pixel = segments.pixel;
  float headLength = min(segments.head * pixel, 0.65 * reach);
  float distance = toShaft(headLength, 0.5 * segments.width * pixel);
  if (segments.head > 0.0) distance = min(distance, toHead(headLength));
  float ink = clamp(0.5 - distance, 0.0, 1.0);
  float halo = clamp(0.5 - (distance - segments.halo * pixel), 0.0, 1.0);
  float opacity = layer.opacity * max(ink, 0.75 * halo);
  if (opacity <= 0.0) discard;
  fragColor = vec4(mix(segments.haloColor.rgb, segments.color.rgb, ink), opacity);
}
