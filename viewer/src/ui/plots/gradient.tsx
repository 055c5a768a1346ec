const STEPS = Array.from({ length: 11 }, (_, step) => step / 10);

/** The colours of a bar from left to right, by the share of its width; its id is for `fill`. */
export function Gradient({ id, color }: { id: string; color: (share: number) => string }) {
  return (
    <defs>
      <linearGradient id={id}>
        {STEPS.map((share) => (
          <stop key={share} offset={share} stop-color={color(share)} />
        ))}
      </linearGradient>
    </defs>
  );
}
