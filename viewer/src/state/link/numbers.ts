/** So many finite numbers with commas between them; null if a text is something else. */
export function numbersOf(text: string | null, count: number): number[] | null {
  const numbers = text?.split(',').map((each) => (each.trim() === '' ? NaN : Number(each))) ?? [];
  return numbers.length === count && numbers.every(Number.isFinite) ? numbers : null;
}
