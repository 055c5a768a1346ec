/** The cell under the pointer. */
export interface Hovered {
  readonly cell: number;
  /** The position of the pointer on its plot, in pixels. */
  readonly x: number;
  readonly y: number;
  readonly byTouch?: boolean;
  /** The number of the panel beside the stage that has the pointer; undefined for the stage. */
  readonly panel?: number;
}
