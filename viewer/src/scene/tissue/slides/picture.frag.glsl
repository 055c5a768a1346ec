#version 300 es
#define SHADER_NAME slide-picture-fragment

precision highp float;

uniform sampler2D picture;

in vec2 place;

out vec4 fragColor;

void main(void) {
  vec4 color = texture(picture, place);
  vec3 bright = ((color.rgb - 0.5) * slide.contrast + 0.5) * slide.brightness;
  fragColor = vec4(pow(clamp(bright, 0.0, 1.0), vec3(slide.gamma)), color.a * slide.opacity);
}
