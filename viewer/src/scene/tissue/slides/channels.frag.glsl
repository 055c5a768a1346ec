#version 300 es
#define SHADER_NAME slide-channels-fragment

precision highp float;
precision highp sampler2DArray;

uniform sampler2DArray values;

in vec2 place;

out vec4 fragColor;

// A number of 16 bits comes as two bytes.
float valueAt(ivec2 at, int layer) {
  return dot(texelFetch(values, ivec3(at, layer), 0).rg, slide.scale);
}

// In between, so that what is drawn smaller does not flicker; pixels that are seen as such keep their values.
float valueNear(vec2 spot, int layer, bool isFine) {
  ivec2 last = textureSize(values, 0).xy - 1;
  if (isFine) return valueAt(min(ivec2(spot), last), layer);
  vec2 middle = spot - 0.5;
  ivec2 from = clamp(ivec2(floor(middle)), ivec2(0), last);
  ivec2 to = min(from + 1, last);
  vec2 share = clamp(middle - vec2(from), 0.0, 1.0);
  return mix(
    mix(valueAt(from, layer), valueAt(ivec2(to.x, from.y), layer), share.x),
    mix(valueAt(ivec2(from.x, to.y), layer), valueAt(to, layer), share.x),
    share.y
  );
}

void main(void) {
  vec2 spot = place * vec2(textureSize(values, 0).xy);
  vec2 step = fwidth(spot);
  bool isFine = slide.softness == 0.0 && max(step.x, step.y) <= 1.0;
  vec3 sum = vec3(0.0);
  for (int layer = 0; layer < int(slide.count); layer++) {
    // Red, green, blue and the value that is black.
    vec4 channel = layer < 4 ? slide.firstChannels[layer] : slide.lastChannels[layer - 4];
    float high = layer < 4 ? slide.firstHighs[layer] : slide.lastHighs[layer - 4];
    float value = valueNear(spot, layer, isFine);
    float share = high > channel.a ? clamp((value - channel.a) / (high - channel.a), 0.0, 1.0) : float(value > channel.a);
    // What is no number is black.
    if (share >= 0.0) sum += channel.rgb * pow(share, slide.gamma);
  }
  fragColor = vec4(min(sum * slide.brightness, 1.0), slide.opacity);
}
