/** Copies a text. Returns what to say. */
export async function copyText(text: string, done: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return done;
  } catch {
    return 'The browser does not allow copying.';
  }
}
