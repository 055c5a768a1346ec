import type { Scene } from '../../scene/scene';

/** Names of categories over their cells, and of sections above theirs. Screen readers find them in the legend. */
export function Labels({ scene }: { scene: Scene }) {
  return (
    <div class="labels" aria-hidden="true">
      {scene.labels.value.map(({ of, code, text, x, y, width, isSmall }) => (
        <span
          key={`${of} ${code}`}
          class={isSmall ? `${of} small` : of}
          style={{
            maxWidth: `${Math.ceil(width)}px`,
            transform: `translate(${x}px, ${y}px) translate(-50%, -50%)`,
          }}
        >
          {text}
        </span>
      ))}
    </div>
  );
}
