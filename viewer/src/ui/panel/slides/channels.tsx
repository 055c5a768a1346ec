import type { Channel, Slide } from '../../../bundle/tissue';
import { MOST_CHANNELS } from '../../../state/drawing/slide_look';
import type { Session } from '../../../state/session';
import { formatRounded } from '../../../state/texts/format';
import { RangeSlider } from '../controls/range_slider';

/** The channels of slides: those of one name look alike in all. */
export function Channels({ session, slides }: { session: Session; slides: readonly Slide[] }) {
  const { settings } = session.slides;
  const [slide] = slides.filter(({ kind }) => kind === 'channels');
  if (slide?.kind !== 'channels') return null;
  const isOn = new Set(settings.channelsOn(slide));
  const isFull = isOn.size >= MOST_CHANNELS;
  return (
    <>
      <ul class="channels" aria-label="Channels">
        {slide.channels.map((channel, each) => (
          <ChannelRow
            key={each}
            session={session}
            channel={channel}
            isOn={isOn.has(each)}
            canTurnOn={!isFull}
          />
        ))}
      </ul>
      {isFull && slide.channels.length > MOST_CHANNELS && (
        <p class="quiet">{`${MOST_CHANNELS} channels are drawn at once: turn one off to see another.`}</p>
      )}
    </>
  );
}

interface ChannelRowProps {
  session: Session;
  channel: Channel;
  isOn: boolean;
  canTurnOn: boolean;
}

function ChannelRow({ session, channel, isOn, canTurnOn }: ChannelRowProps) {
  const { settings } = session.slides;
  const { name } = channel;
  const changes = settings.changes.value.get(name);
  const color = changes?.color ?? channel.color;
  const window = changes?.window ?? channel.window;
  return (
    <li>
      <div class="channel">
        <input
          type="color"
          aria-label={`Colour of ${name}`}
          value={color}
          onInput={(event) => settings.change(name, { color: event.currentTarget.value })}
        />
        <label class="check">
          <input
            type="checkbox"
            checked={isOn}
            disabled={!isOn && !canTurnOn}
            onChange={(event) => settings.change(name, { isOn: event.currentTarget.checked })}
          />
          <span>{name}</span>
        </label>
        {isOn && <span class="quiet">{window.map(shortNumber).join(' – ')}</span>}
      </div>
      {isOn && channel.range[1] > channel.range[0] && (
        <RangeSlider
          extent={extentOf(channel)}
          range={window}
          gradient={`linear-gradient(to right, #000, ${color})`}
          labels={[`${name}: black at`, `${name}: full colour at`]}
          texts={[shortNumber(window[0]), shortNumber(window[1])]}
          onChange={(range) => settings.change(name, { window: [range[0], range[1]] })}
        />
      )}
    </li>
  );
}

/** Few pixels are far brighter than all others: the slider ends soon after the window of the bundle. */
function extentOf({ range, window }: Channel): [number, number] {
  const most = window[0] + 4 * (window[1] - window[0]);
  return [Math.min(range[0], window[0]), Math.max(window[1], Math.min(range[1], most))];
}

function shortNumber(value: number): string {
  return formatRounded(value);
}
