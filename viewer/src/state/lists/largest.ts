/** Indices of the `most` largest counts above zero, the largest first; of equal ones the earlier first. */
export function largest(counts: Uint32Array, most: number, isWanted: (index: number) => boolean): number[] {
  const wanted = new Uint32Array(counts.length);
  let nWanted = 0;
  for (let index = 0; index < counts.length; index++)
    if (counts[index] > 0 && isWanted(index)) wanted[nWanted++] = index;
  // Typed arrays are sorted numerically, without a call for each pair.
  const sizes = Uint32Array.from(wanted.subarray(0, nWanted), (index) => counts[index]).sort();
  const least = nWanted > most ? sizes[nWanted - most] : 0;
  let room = Math.min(most, nWanted);
  for (const size of sizes) if (size > least) room--;
  const found: number[] = [];
  for (const index of wanted.subarray(0, nWanted)) {
    if (counts[index] > least) found.push(index);
    else if (counts[index] === least && room > 0) {
      found.push(index);
      room--;
    }
  }
  return found.sort((one, other) => counts[other] - counts[one] || one - other);
}
