import * as v from 'valibot';
import type { ChannelChange } from '../../drawing/slide_look';
import type { Session } from '../../session';
import { missed, type Misses } from '../misses';

const Factor = v.optional(v.pipe(v.number(), v.minValue(0.01), v.maxValue(100)), 1);
const Change = v.object({
  isOn: v.optional(v.boolean()),
  color: v.optional(v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/i))),
  window: v.optional(v.tuple([v.pipe(v.number(), v.finite()), v.pipe(v.number(), v.finite())])),
});
const ImageSchema = v.object({
  brightness: Factor,
  contrast: Factor,
  gamma: Factor,
  choice: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
  channels: v.optional(v.array(v.tuple([v.string(), Change])), []),
});

const short = (value: number) => Number(value.toPrecision(6));

/** Writes what the user has changed of the slides. */
export function writeSlides({ slides }: Session, link: URLSearchParams): void {
  const { brightness, contrast, gamma, choice, changes } = slides.settings;
  const channels = [...changes.value].map(([name, change]) => [name, shortened(change)]);
  const image = {
    ...factors({ brightness: brightness.value, contrast: contrast.value, gamma: gamma.value }),
    ...(choice.value > 0 && { choice: choice.value }),
    ...(channels.length > 0 && { channels }),
  };
  if (Object.keys(image).length > 0) link.set('image', JSON.stringify(image));
}

export function readSlides(session: Session, link: URLSearchParams, misses: Misses): void {
  const { settings, all } = session.slides;
  const text = link.get('image');
  const image = v.safeParse(ImageSchema, parsed(text));
  settings.reset();
  settings.choice.value = 0;
  if (text === null) return;
  if (!image.success || all.length === 0) {
    missed(misses, link, 'image', 'the look of the image');
    return;
  }
  const { brightness, contrast, gamma, choice, channels } = image.output;
  [settings.brightness.value, settings.contrast.value] = [brightness, contrast];
  [settings.gamma.value, settings.choice.value] = [gamma, choice];
  const known = new Set(
    all.flatMap((each) => (each.kind === 'rgb' ? [] : each.channels.map(({ name }) => name))),
  );
  for (const [name, change] of channels)
    if (known.has(name)) settings.change(name, change);
    else misses.add('the channel', name);
}

function factors(all: Readonly<Record<string, number>>): Record<string, number> {
  const changed = Object.entries(all).filter(([, value]) => value !== 1);
  return Object.fromEntries(changed.map(([name, value]) => [name, short(value)]));
}

function shortened({ window, ...change }: ChannelChange) {
  return window ? { ...change, window: window.map(short) } : change;
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}
