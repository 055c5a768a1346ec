/** Longest time in which the page does not react, in milliseconds. */
const MOST_MS = 12;
const AT_A_TIME = 65_536;

/** Goes through many cells in steps, and lets the page react between them. */
export async function inSlices(
  count: number,
  work: (from: number, to: number) => void | Promise<void>,
): Promise<void> {
  let begun = performance.now();
  for (let from = 0; from < count; from += AT_A_TIME) {
    const later = work(from, Math.min(count, from + AT_A_TIME));
    if (later) await later;
    if (performance.now() - begun < MOST_MS) continue;
    await pause();
    begun = performance.now();
  }
}

function pause(): Promise<void> {
  return new Promise((done) => setTimeout(done));
}
