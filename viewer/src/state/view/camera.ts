/** The rotation of the camera, in degrees up or down and around. */
export interface Orbit {
  readonly z: number;
  readonly pitch: number;
  readonly turn: number;
}

/** The point that the camera looks at, relative to the embedding's origin. `zoom` is log2 of pixels per unit. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
  /** Only in 3-D. */
  readonly orbit?: Orbit;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}
