#version 300 es
#define SHADER_NAME transcripts-fragment

precision highp float;

flat in float radius;
flat in float rim;

out vec4 fragColor;

void main(void) {
  float distance = length(gl_PointCoord - 0.5) * 2.0 * (radius + rim + 1.0);
  float ink = clamp(radius - distance + 0.5, 0.0, 1.0);
  float whole = clamp(radius + rim - distance + 0.5, 0.0, 1.0);
  if (whole <= 0.0) discard;
  fragColor = vec4(mix(transcripts.rimColor.rgb, transcripts.color.rgb, ink), max(ink, 0.7 * whole));
}
