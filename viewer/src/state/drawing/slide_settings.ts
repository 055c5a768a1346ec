import { signal } from '@preact/signals-core';
import type { Slide } from '../../bundle/tissue';
import { TileFailures } from './tile_failures';
import { drawnChannel, MOST_CHANNELS, type ChannelChange, type SlideLook } from './slide_look';

/** How slides are drawn, in all views. Channels of the same name look alike in all slides. */
export class SlideSettings {
  readonly brightness = signal(1);
  readonly contrast = signal(1);
  readonly gamma = signal(1);
  /** Which slide of each section is shown, if it has several. */
  readonly choice = signal(0);
  /** By the name of the channel. */
  readonly changes = signal<ReadonlyMap<string, ChannelChange>>(new Map());
  /** Number of tiles that are being loaded. */
  readonly loading = signal(0);
  readonly failures = new TileFailures();
  /** Counts the hosts that the user has allowed. */
  readonly allowed = signal(0);

  /** How a slide is drawn. */
  lookOf(slide: Slide): SlideLook {
    const changes = this.changes.value;
    const isOn = this.channelsOn(slide);
    const channels = slide.kind === 'rgb' ? [] : slide.channels;
    return {
      brightness: this.brightness.value,
      contrast: this.contrast.value,
      gamma: this.gamma.value,
      channels: isOn.map((each) => drawnChannel(channels[each], each, changes.get(channels[each].name))),
    };
  }

  /** Numbers of the channels that are drawn: the first ones, unless the user chose others. */
  channelsOn(slide: Slide): number[] {
    if (slide.kind === 'rgb') return [];
    const changes = this.changes.value;
    const isOn = slide.channels.map(({ name }, each) => changes.get(name)?.isOn ?? each < MOST_CHANNELS);
    return [...isOn.keys()].filter((each) => isOn[each]).slice(0, MOST_CHANNELS);
  }

  /** Changes a channel of all slides; undefined takes a change back. */
  change(name: string, change: ChannelChange): void {
    const changes = new Map(this.changes.peek());
    const entries = Object.entries({ ...changes.get(name), ...change });
    const left = entries.filter(([, value]) => value !== undefined);
    if (left.length > 0) changes.set(name, Object.fromEntries(left));
    else changes.delete(name);
    this.changes.value = changes;
  }

  /** All as the bundle has it. */
  reset(): void {
    this.brightness.value = this.contrast.value = this.gamma.value = 1;
    this.changes.value = new Map();
  }

  /** Whether anything is not as the bundle has it. */
  get isChanged(): boolean {
    const factors = [this.brightness, this.contrast, this.gamma];
    return factors.some((each) => each.value !== 1) || this.changes.value.size > 0;
  }
}
