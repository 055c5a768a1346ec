import type { Channel } from '../../bundle/tissue';

/** So many channels are drawn at once: more would be a mixture that nobody can read. */
export const MOST_CHANNELS = 8;

/** What the user has changed of a channel. */
export interface ChannelChange {
  readonly isOn?: boolean;
  /** `#rrggbb` */
  readonly color?: string;
  readonly window?: readonly [number, number];
}

/** A channel as it is drawn. */
export interface DrawnChannel {
  /** Its number in the slide. */
  readonly number: number;
  /** Red, green and blue, from 0 to 1. */
  readonly color: readonly [number, number, number];
  readonly low: number;
  readonly high: number;
}

/** How a slide is drawn. */
export interface SlideLook {
  /** Factors for the colours, for their distance from grey, and the power of each. */
  readonly brightness: number;
  readonly contrast: number;
  readonly gamma: number;
  readonly channels: readonly DrawnChannel[];
}

/** Red, green and blue of `#rrggbb`, from 0 to 1. */
export function sharesOfColor(color: string): [number, number, number] {
  const byte = (at: number) => parseInt(color.slice(at, at + 2), 16) / 255;
  return [byte(1), byte(3), byte(5)];
}

/** A channel with the user's changes. */
export function drawnChannel(channel: Channel, number: number, change: ChannelChange = {}): DrawnChannel {
  const [low, high] = change.window ?? channel.window;
  return { number, color: sharesOfColor(change.color ?? channel.color), low, high };
}

/** Where a value lies between black and full colour, from 0 to 1. As in the shader of slides. */
export function shareOf(value: number, low: number, high: number, gamma: number): number {
  // A window without a width divides the values in two.
  const share = high > low ? (value - low) / (high - low) : value > low ? 1 : 0;
  return Math.min(1, Math.max(0, share)) ** gamma;
}

/** A part of the colour of a picture, from 0 to 1. As in the shader of slides. */
export function adjusted(part: number, { brightness, contrast, gamma }: SlideLook): number {
  const bright = ((part - 0.5) * contrast + 0.5) * brightness;
  return Math.min(1, Math.max(0, bright)) ** gamma;
}
