import { Fragment, type ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Session } from '../../../state/session';
import { Edge } from './edge';
import { Side } from './side';

/** A room that is narrower than this, or much higher than wide, has its panels one above another. */
const NARROW = 560;

/** The stage, and the panels beside it; below it in a narrow room. */
export function Panels({ session, children }: { session: Session; children: ComponentChildren }) {
  const { panels } = session;
  const room = useRef<HTMLDivElement>(null);
  const sides = useRef<HTMLDivElement>(null);
  const [isNarrow, setNarrow] = useState(false);
  useLayoutEffect(() => {
    const watch = new ResizeObserver(() => {
      const { clientWidth, clientHeight } = room.current!;
      setNarrow(clientWidth < NARROW || clientWidth < 0.75 * clientHeight);
    });
    watch.observe(room.current!);
    return () => watch.disconnect();
  }, []);
  const list = panels.list.value;
  const share = list.length === 0 ? 1 : panels.share.value;
  const weights = panels.weights.value;
  return (
    <div ref={room} class={`plots${isNarrow ? ' narrow' : ''}`}>
      <div class="plots-stage" style={{ flexGrow: share }}>
        {children}
      </div>
      {list.length > 0 && (
        <>
          <Edge
            label="Size of the panels beside the stage"
            isUpright={!isNarrow}
            share={share}
            onShare={(next) => panels.resize(next)}
            onReset={() => panels.resize(0.5)}
            within={room}
          />
          <div ref={sides} class="plots-sides" style={{ flexGrow: 1 - share }}>
            {list.map((panel, at) => (
              <Fragment key={panel.number}>
                {at > 0 && (
                  <Edge
                    label={`Size of panel ${at}`}
                    isUpright={isNarrow}
                    share={weights[at - 1] / (weights[at - 1] + weights[at])}
                    onShare={(next) => panels.resizeAt(at - 1, next)}
                    onReset={() => panels.resizeAt(at - 1, 0.5)}
                    within={sides}
                    from={sum(weights.slice(0, at - 1)) / sum(weights)}
                    to={sum(weights.slice(0, at + 1)) / sum(weights)}
                  />
                )}
                <Side session={session} panel={panel} weight={weights[at]} />
              </Fragment>
            ))}
          </div>
        </>
      )}
    </div>
  );
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
