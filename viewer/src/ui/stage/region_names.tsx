import type { Scene } from '../../scene/scene';

/** Names of regions above their outlines. Screen readers find them in the list of groups. */
export function RegionNames({ scene }: { scene: Scene }) {
  return (
    <div class="labels" aria-hidden="true">
      {scene.regionNames.value.map(({ text, color, x, y }) => (
        <span
          key={text}
          class="region"
          style={{
            borderColor: color,
            transform: `translate(${x}px, ${y - 4}px) translate(-50%, -100%)`,
          }}
        >
          {text}
        </span>
      ))}
    </div>
  );
}
