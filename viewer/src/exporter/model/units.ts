/** Formats bytes and seconds as the command line does. */

const UNITS = [
  ['TB', 1e12],
  ['GB', 1e9],
  ['MB', 1e6],
  ['kB', 1e3],
] as const;

export function formatBytes(nbytes: number): string {
  for (const [unit, factor] of UNITS) {
    if (nbytes < factor) continue;
    const count = nbytes / factor;
    return `${count < 999.5 ? Number(count.toPrecision(3)) : Math.round(count)} ${unit}`;
  }
  return `${Math.round(nbytes)} B`;
}

/** An estimate with two digits: "about 1.2 to 1.9 GB", or one number if both round alike. */
export function formatRange([low, high]: readonly [number, number]): string {
  const first = formatBytes(Number(low.toPrecision(2)));
  const last = formatBytes(Number(high.toPrecision(2)));
  if (first === last) return `about ${last}`;
  const [number = first, unit] = first.split(' ');
  return `about ${last.endsWith(` ${unit}`) ? number : first} to ${last}`;
}

export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const two = (count: number) => String(count).padStart(2, '0');
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}
