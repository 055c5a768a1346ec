#version 300 es
#define SHADER_NAME cell-shapes-vertex

in vec2 positions;
in vec4 colors;

out vec4 shapeColor;

void main(void) {
  // What is not shown has no opacity.
  if (colors.a == 0.0) {
    shapeColor = vec4(0.0);
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    return;
  }
  vec3 place = vec3(positions, 0.0);
  geometry.worldPosition = place;
  gl_Position = project_position_to_clipspace(place, vec3(0.0), vec3(0.0), geometry.position);
  shapeColor = vec4(mix(colors.rgb, shapes.ink.rgb, shapes.ink.a), colors.a * shapes.opacity);
}
