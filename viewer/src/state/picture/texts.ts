/** The width of a text, in CSS pixels. */
export type Measure = (text: string, size: number, bold: boolean) => number;

/** Most letters of a name, since measuring a very long one is slow. */
const MOST_LETTERS = 400;

/** A word, or a part of a name that ends with a sign between its words, and the spaces after it. */
const PIECE = /[^\s_.\-/:|,+]*[_.\-/:|,+]*\s*/g;

/**
 * Breaks a text into at most `most` lines, at spaces and after signs such as `_`; the last ends with an ellipsis
 * if the text is longer.
 */
export function wrap(text: string, room: number, most: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of text.slice(0, MOST_LETTERS).trim().match(PIECE)?.filter(Boolean) ?? []) {
    const longer = line + piece.replace(/\s+$/, ' ');
    if (line !== '' && measure(longer.trimEnd()) > room && lines.length < most - 1) {
      lines.push(line);
      line = piece.replace(/\s+$/, ' ');
    } else line = longer;
  }
  if (line !== '') lines.push(line + (text.trim().length > MOST_LETTERS ? '…' : ''));
  return lines.map((each) => fit(each.trimEnd(), room, measure));
}

/** The text, or as much of it as fits, with an ellipsis. */
export function fit(text: string, room: number, measure: (text: string) => number): string {
  const short = text.slice(0, MOST_LETTERS);
  if (short === text && measure(text) <= room) return text;
  let [fits, long] = [0, short.length + 1];
  while (long - fits > 1) {
    const middle = (fits + long) >> 1;
    if (measure(`${short.slice(0, middle)}…`) <= room) fits = middle;
    else long = middle;
  }
  return `${short.slice(0, fits).trimEnd()}…`;
}
