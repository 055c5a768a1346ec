/** Pixels of a text. */
export type WidthOf = (text: string) => number;

/** About as wide as texts are, where nothing can measure them. */
export const byLetters: WidthOf = (text) => 7 * [...text].length;

/** Pixels to leave for names, whatever their letters: as a rule more than they need, so that fonts change no plot. */
export function roomOf(names: readonly string[], most: number, widthOf: WidthOf): number {
  return Math.max(22, ...names.map((name) => Math.max(widthOf(name), Math.min(byLetters(name), most))));
}

/** The beginning of a name that has room, with "…" where it is cut. */
export function cutName(name: string, room: number, widthOf: WidthOf): string {
  const width = widthOf(name);
  if (width <= room) return name;
  const letters = [...name];
  const cut = (most: number) => `${letters.slice(0, most).join('').trimEnd()}…`;
  let most = Math.max(1, Math.floor((letters.length * room) / width));
  while (most < letters.length - 1 && widthOf(cut(most + 1)) <= room) most++;
  while (most > 1 && widthOf(cut(most)) > room) most--;
  return cut(most);
}
