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
