/** One column as CSV (RFC 4180): a header, and a line for each text. */
export function toCsv(header: string, texts: readonly string[]): string {
  return [header, ...texts].map((text) => `${quoted(text)}\r\n`).join('');
}

function quoted(text: string): string {
  // Most readers skip an empty line.
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
