/** A length that is drawn beside the cells. */
export interface ScaleBar {
  /** CSS pixels. */
  readonly width: number;
  /** Such as `200 µm`. */
  readonly label: string;
}

const UNITS = [
  { name: 'm', microns: 1e6 },
  { name: 'mm', microns: 1e3 },
  { name: 'µm', microns: 1 },
  { name: 'nm', microns: 1e-3 },
] as const;

/**
 * The longest bar of 1, 2 or 5 times a power of ten that is no wider than `room`.
 *
 * `zoom` is that of the camera: log2 of pixels per unit of the coordinates. Without a known length of the unit, the bar
 * says how many units it is long.
 */
export function scaleBarOf(zoom: number, micronsPerUnit: number | null, room: number): ScaleBar | null {
  const perMicron = 2 ** zoom / (micronsPerUnit ?? 1);
  const most = room / perMicron;
  if (!(most > 0) || !Number.isFinite(most)) return null;
  // Add a little, so that rounding errors do not make 1,000 less than a power of ten.
  const power = 10 ** Math.floor(Math.log10(most) + 1e-9);
  const step = [5, 2, 1].find((each) => each * power <= most * (1 + 1e-9)) ?? 1;
  const microns = step * power;
  const label = micronsPerUnit === null ? unitsOf(microns) : labelOf(microns);
  return { width: microns * perMicron, label };
}

function unitsOf(length: number): string {
  const digits = { maximumSignificantDigits: 1, useGrouping: true };
  return `${length.toLocaleString('en', digits)} ${length === 1 ? 'unit' : 'units'}`;
}

function labelOf(microns: number): string {
  const unit = UNITS.find((each) => microns >= each.microns * (1 - 1e-9)) ?? UNITS[UNITS.length - 1];
  return `${Number((microns / unit.microns).toPrecision(3))} ${unit.name}`;
}
