/** Places at which the density of one violin is known. */
export const N_PLACES = 128;
/** Bins in a bandwidth: enough for densities within 1e-4 of the highest of what the sum over all cells gives. */
const BINS_IN_BANDWIDTH = 32;
/** Bandwidths beyond which a cell counts no more: exp(-18) of its height. */
const REACH = 6;

/** An estimate of the density with Gaussian kernels, as by `scipy.stats.gaussian_kde`. */
export interface Density {
  /** The first and the last place, the lowest and the highest value. */
  readonly low: number;
  readonly high: number;
  /** Of the kernel: the standard deviation times n^(-1/5), Scott's rule. */
  readonly bandwidth: number;
  /** At `N_PLACES` places at equal distances. */
  readonly values: Float64Array<ArrayBuffer>;
}

/** The mean, and the standard deviation of a sample (NaN of one value). */
export function moments(values: ArrayLike<number>): { mean: number; deviation: number } {
  const n = values.length;
  let sum = 0;
  for (let at = 0; at < n; at++) sum += values[at];
  const mean = sum / n;
  let squares = 0;
  for (let at = 0; at < n; at++) squares += (values[at] - mean) ** 2;
  return { mean, deviation: n > 1 ? Math.sqrt(squares / (n - 1)) : NaN };
}

/** Null if there are no two different values. `sorted` is ascending. */
export function densityOf(sorted: ArrayLike<number>): Density | null {
  const n = sorted.length;
  if (n < 2 || !(sorted[0] < sorted[n - 1])) return null;
  const [low, high] = [sorted[0], sorted[n - 1]];
  const bandwidth = moments(sorted).deviation * n ** -0.2;
  const distance = (high - low) / (N_PLACES - 1);
  if (!(bandwidth > 0 && distance > 0)) return null;
  // Places lie on bins.
  const perPlace = Math.ceil((distance / bandwidth) * BINS_IN_BANDWIDTH);
  const step = distance / perPlace;
  const weights = new Float64Array(perPlace * (N_PLACES - 1) + 2);
  for (let at = 0; at < n; at++) {
    // A cell between two bins is shared by them.
    const place = (sorted[at] - low) / step;
    const bin = Math.min(weights.length - 2, Math.floor(place));
    weights[bin] += bin + 1 - place;
    weights[bin + 1] += place - bin;
  }
  // Sharing adds a sixth of a squared step to the variance.
  const variance = bandwidth ** 2 - step ** 2 / 6;
  const kernel = Float64Array.from({ length: Math.ceil((REACH * bandwidth) / step) + 1 }, (_, away) =>
    Math.exp(-((away * step) ** 2) / (2 * variance)),
  );
  const height = 1 / (n * Math.sqrt(2 * Math.PI * variance));
  const values = Float64Array.from({ length: N_PLACES }, (_, place) => {
    const centre = place * perPlace;
    const end = Math.min(weights.length - 1, centre + kernel.length - 1);
    let sum = 0;
    for (let bin = Math.max(0, centre - kernel.length + 1); bin <= end; bin++)
      sum += weights[bin] * kernel[Math.abs(bin - centre)];
    return sum * height;
  });
  return { low, high, bandwidth, values };
}
