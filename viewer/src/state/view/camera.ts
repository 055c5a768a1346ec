/** The rotation of the camera, in degrees up or down and around. */
export interface Orbit {
  readonly z: number;
  readonly pitch: number;
  readonly turn: number;
}

/** Where the camera looks, relative to the embedding's origin. `zoom` is log2 of pixels per unit. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
  /** Only where there is depth. */
  readonly orbit?: Orbit;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}
