import type { Camera } from '../../view/camera';
import { numbersOf } from '../numbers';

/** The camera, to a hundredth of a pixel; in 3-D also z and the two angles. */
export function viewText({ x, y, zoom, orbit }: Camera, origin: readonly number[]): string {
  const digits = Math.max(0, Math.min(12, Math.ceil(zoom / Math.log2(10)) + 2));
  const place = (value: number, axis: number) => (value + (origin[axis] ?? 0)).toFixed(digits);
  const flat = [place(x, 0), place(y, 1), zoom.toFixed(4)];
  const deep = orbit ? [place(orbit.z, 2), orbit.pitch.toFixed(2), orbit.turn.toFixed(2)] : [];
  return [...flat, ...deep].join(',');
}

/** The camera that a text describes; null if it describes none. */
export function cameraOf(text: string | null, origin: readonly number[]): Camera | null {
  const flat = numbersOf(text, 3);
  if (flat) return { x: flat[0] - origin[0], y: flat[1] - (origin[1] ?? 0), zoom: flat[2] };
  const deep = numbersOf(text, 6);
  if (!deep || origin.length < 3) return null;
  const [x, y, z] = [deep[0] - origin[0], deep[1] - origin[1], deep[3] - origin[2]];
  return { x, y, zoom: deep[2], orbit: { z, pitch: deep[4], turn: deep[5] } };
}
