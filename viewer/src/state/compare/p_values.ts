/**
 * Two-sided p-values as natural logarithms, which do not become 0 in the far tail. Formulas by number are those of the
 * NIST Digital Library of Mathematical Functions, https://dlmf.nist.gov.
 */

const ACCURACY = 1e-16;
const TINY = 1e-300;
const MOST_STEPS = 1_000_000;
/** From here on the continued fraction of erfc needs few steps. */
const SERIES_BELOW = 1.5;

/** Of a standard normal variable: ln erfc(|z| / √2). NaN for NaN. */
export function logNormalP(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  if (x < SERIES_BELOW) return Math.log1p(-erf(x));
  if (!(x < Infinity)) return -x;
  // 8.9.2, in its even form: Γ(1/2, x²).
  const square = x * x;
  const fraction = 1 / continued(square + 0.5, (step) => [step * (0.5 - step), square + 2 * step + 0.5]);
  return Math.log((x * fraction) / Math.sqrt(Math.PI)) - square;
}

/** 7.6.2: all terms are positive. */
function erf(x: number): number {
  let [sum, term] = [x, x];
  for (let step = 1; term > ACCURACY * sum; step++) sum += term *= (2 * x * x) / (2 * step + 1);
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** Of Student's t: ln I(v / 2, 1 / 2) at v / (v + t²). NaN for NaN. */
export function logStudentP(t: number, freedom: number): number {
  const half = freedom / 2;
  const square = t * t;
  if (!(square < Infinity)) return -square;
  if (square === 0) return 0;
  const [inside, outside] = [freedom / (freedom + square), square / (freedom + square)];
  const logPower = -half * Math.log1p(square / freedom) + 0.5 * Math.log(outside);
  const logBeta = 0.5 * Math.log(Math.PI) - logGammaStep(half);
  if (inside < (half + 1) / (half + 2.5))
    return logPower - logBeta - Math.log(half * betaFraction(half, 0.5, inside));
  // The other tail is the smaller one, or not much larger.
  return Math.log1p(-Math.exp(logPower - logBeta) / (0.5 * betaFraction(0.5, half, outside)));
}

/** ln Γ(x + 1/2) − ln Γ(x), by 5.11.8 for h = 1/2 and 0. */
function logGammaStep(x: number): number {
  let below = 0;
  for (; x < 12; x++) below += Math.log(x / (x + 0.5));
  const r = 1 / (x * x);
  const rest = (-1 / 8 + r * (1 / 192 + r * (-1 / 640 + (r * 17) / 14336))) / x;
  return below + 0.5 * Math.log(x) + rest;
}

/** 8.17.22: its reciprocal, times x^a (1 − x)^b / (a B(a, b)), is I(a, b) at x. */
function betaFraction(a: number, b: number, x: number): number {
  return continued(1, (step) => {
    const m = step >> 1;
    const even = (m * (b - m)) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m)) / ((a + 2 * m) * (a + 2 * m + 1));
    return [x * (step % 2 === 0 ? even : odd), 1];
  });
}

/** b₀ + a₁ / (b₁ + a₂ / (b₂ + …)), by the algorithm of Lentz and Thompson (3.10). */
function continued(first: number, part: (step: number) => readonly [number, number]): number {
  let [found, up, down] = [first, first, 0];
  for (let step = 1; step < MOST_STEPS; step++) {
    const [a, b] = part(step);
    down = 1 / (b + a * down || TINY);
    up = b + a / up || TINY;
    found *= up * down;
    if (Math.abs(up * down - 1) < ACCURACY * 4) break;
  }
  return found;
}

/** Logarithms of p-values, adjusted by Benjamini and Hochberg (1995). */
export function logAdjusted(logs: Float64Array): Float64Array {
  const falling = Uint32Array.from(logs.keys()).sort((a, b) => logs[b] - logs[a] || a - b);
  const adjusted = new Float64Array(logs.length);
  let least = 0;
  falling.forEach((at, rank) => {
    least = Math.min(least, logs[at] + Math.log(logs.length / (logs.length - rank)));
    adjusted[at] = least;
  });
  return adjusted;
}
