/** Lines with two ends each, float32 `(count, 3)`. */
export interface Segments {
  readonly tails: Float32Array<ArrayBuffer>;
  readonly tips: Float32Array<ArrayBuffer>;
  readonly count: number;
}
