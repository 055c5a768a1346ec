/** Compensates for deck.gl, which takes the root of an opacity. */
export function linear(opacity: number): number {
  return opacity ** 2.2;
}
