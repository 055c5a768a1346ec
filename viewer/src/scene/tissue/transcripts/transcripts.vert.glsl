#version 300 es
#define SHADER_NAME transcripts-vertex

in vec2 places;

flat out float radius;
flat out float rim;

void main(void) {
  vec3 place = vec3(places, 0.0);
  geometry.worldPosition = place;
  gl_Position = project_position_to_clipspace(place, vec3(0.0), vec3(0.0), geometry.position);
  radius = 0.5 * transcripts.diameter * project.devicePixelRatio;
  rim = transcripts.rim * project.devicePixelRatio;
  gl_PointSize = 2.0 * (radius + rim + 1.0);
}
