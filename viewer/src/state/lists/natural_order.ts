/** Nobody reads longer lists in order, and sorting them would take noticeable time. */
const MOST = 100_000;

const known = new WeakMap<readonly string[], Uint32Array | null>();

/**
 * The codes of categories in the order to list them: 1, 2, 10. Null for the stored order.
 *
 * An order that somebody chose has a meaning (early, mid, late), and stays. An alphabetical order,
 * which puts 10 before 2, only comes from sorting texts: then numbers are sorted by value.
 */
export function naturalOrder(labels: readonly string[]): Uint32Array | null {
  const found = known.get(labels);
  if (found !== undefined) return found;
  const order = orderOf(labels);
  known.set(labels, order);
  return order;
}

function orderOf(labels: readonly string[]): Uint32Array | null {
  if (labels.length > MOST || !labels.some((label) => /\d/.test(label))) return null;
  // R sorts by the alphabet, Python capitals first.
  const folded = [labels, labels.map((label) => label.toLowerCase())].find(isAlphabetical);
  if (!folded) return null;
  const values = numbersOf(folded);
  const tokens = folded.map(tokensOf);
  const codes = Uint32Array.from(folded, (_, code) => code);
  return codes.sort((one, other) =>
    values
      ? values[one] - values[other]
      : compareTokens(tokens[one], tokens[other]) || (folded[one] < folded[other] ? -1 : 1),
  );
}

function isAlphabetical(labels: readonly string[]): boolean {
  return labels.every((label, at) => at === 0 || labels[at - 1] <= label);
}

/** Values of labels that are all numbers; null otherwise. Of 3.1 and 3.10, the second is not a decimal number. */
function numbersOf(labels: readonly string[]): number[] | null {
  const values = labels.map((label) => (label.trim() === '' ? NaN : Number(label)));
  return values.every(Number.isFinite) && new Set(values).size === values.length ? values : null;
}

/** Splits into text and digits in turn, text first. A zero before a point begins a decimal number, as in doses. */
function tokensOf(label: string): string[] {
  return label.split(/(0\.\d+|\d+)/);
}

function compareTokens(one: readonly string[], other: readonly string[]): number {
  const shared = Math.min(one.length, other.length);
  for (let at = 0; at < shared; at++) {
    if (one[at] === other[at]) continue;
    const difference = at % 2 === 1 ? Number(one[at]) - Number(other[at]) : 0;
    if (difference !== 0) return difference;
    if (at % 2 === 0) return one[at] < other[at] ? -1 : 1;
  }
  return one.length - other.length;
}
