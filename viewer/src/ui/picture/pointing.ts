/** Attributes of a picture that tells what is pointed at. */
export interface Pointing {
  readonly onPointerMove: (event: PointerEvent) => void;
  readonly onPointerDown: (event: PointerEvent) => void;
  readonly onPointerLeave: (event: PointerEvent) => void;
}

/** Calls with a place in pixels of the picture, and when the pointer leaves. What a finger tapped stays until the next tap. */
export function pointing(onPoint: (x: number, y: number) => void, onLeave: () => void): Pointing {
  const point = (event: PointerEvent) => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    onPoint(event.clientX - box.left, event.clientY - box.top);
  };
  return {
    onPointerMove: point,
    onPointerDown: point,
    // A finger that is lifted leaves too.
    onPointerLeave: (event) => event.pointerType !== 'touch' && onLeave(),
  };
}
