import type { Session } from '../../../state/session';
import { LEAST_RADIUS, MOST_RADIUS } from '../../../state/selection/tools';
import { ModeChoice } from './modes';

/** What a selecting drag does, and the size of the brush. */
export function Options({ session }: { session: Session }) {
  const { tools } = session;
  return (
    <div class="tool-options" role="group" aria-label="What a drag does">
      {tools.tool.value === 'brush' && (
        <input
          type="range"
          aria-label="Radius of the brush"
          aria-valuetext={`${tools.radius.value} pixels`}
          title="Radius of the brush ([ and ], or the wheel with Shift)"
          min={LEAST_RADIUS}
          max={MOST_RADIUS}
          value={tools.radius.value}
          onInput={(event) => (tools.radius.value = Number(event.currentTarget.value))}
        />
      )}
      <ModeChoice session={session} />
    </div>
  );
}
