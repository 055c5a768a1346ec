import { OrbitView, OrthographicView } from '@deck.gl/core';
import type { Camera, Size } from '../../state/view/camera';
import type { ShownEmbedding } from '../../state/view/embedding_view';
import type { Projection } from './projection';

export type AnyView = OrthographicView | OrbitView;

const SCROLL = { speed: 0.01, smooth: false } as const;

/** A part of a larger picture: the picture's upper left and size, in pixels of the canvas. */
interface Place extends Size {
  readonly x: number;
  readonly y: number;
  /** Angle of the camera from top to bottom, in degrees. */
  readonly fovy: number;
}
/** deck.gl's own angle. */
export const FOVY = 50;

/** deck.gl's view: from above, or from any direction; on the whole canvas, or in a place. */
export function makeView(solid: boolean, yAxis: 'up' | 'down', place?: Place): AnyView {
  if (!solid) {
    return new OrthographicView({
      ...(place && { x: place.x, y: place.y, width: place.width, height: place.height }),
      id: 'cells',
      flipY: yAxis === 'down',
      controller: { scrollZoom: SCROLL, keyboard: false, doubleClickZoom: true },
    });
  }
  return new OrbitView({
    ...place,
    id: 'cells-around',
    orbitAxis: 'Y',
    near: 0.01,
    far: 1000,
    controller: {
      scrollZoom: SCROLL,
      keyboard: false,
      doubleClickZoom: true,
      // One finger rotates, two pan and pinch.
      multiTouchDrag: 'pan',
    },
  });
}

/**
 * Sign of the second and third axis as drawn. If y points down, everything is
 * turned half around the x axis, not mirrored, which keeps the handedness of molecules and embryos.
 */
export function turnOf(shown: ShownEmbedding, solid: boolean): 1 | -1 {
  return solid && shown.info.yAxis === 'down' ? -1 : 1;
}

/** Converts the camera to deck.gl's view state. */
export function toViewState({ x, y, zoom, orbit }: Camera, limits: readonly [number, number], turn: 1 | -1) {
  const [minZoom, maxZoom] = limits;
  if (!orbit) return { target: [x, y, 0] as [number, number, number], zoom, minZoom, maxZoom };
  return {
    target: [x, turn * y, turn * orbit.z] as [number, number, number],
    zoom,
    minZoom,
    maxZoom,
    rotationX: orbit.pitch,
    rotationOrbit: orbit.turn,
  };
}

/** Converts deck.gl's view state to a camera. */
export function toCamera(viewState: Record<string, unknown>, turn: 1 | -1): Camera {
  const { target, zoom, rotationX, rotationOrbit } = viewState as {
    target: [number, number, number];
    zoom: number;
    rotationX?: number;
    rotationOrbit?: number;
  };
  if (rotationX === undefined || rotationOrbit === undefined) return { x: target[0], y: target[1], zoom };
  const orbit = { z: turn * target[2], pitch: rotationX, turn: rotationOrbit };
  return { x: target[0], y: turn * target[1], zoom, orbit };
}

/** The projection from coordinates of cells to pixels of the stage. */
export function projectionOf(
  view: AnyView,
  viewState: ReturnType<typeof toViewState>,
  size: Size,
  turn: 1 | -1,
): Projection | null {
  const viewport = view.makeViewport({ ...size, viewState });
  if (!viewport) return null;
  const matrix = Float64Array.from(viewport.pixelProjectionMatrix);
  for (let at = 4; at < 12; at++) matrix[at] *= turn;
  return { matrix, focal: view instanceof OrbitView ? viewport.focalDistance : 1 };
}

/** Moves the camera by pixels of the screen, in the plane that it faces. */
export function panned(
  camera: Camera,
  [dx, dy]: readonly [number, number],
  flipY: boolean,
  turn: 1 | -1,
): Camera {
  const unit = 2 ** -camera.zoom;
  if (!camera.orbit)
    return { ...camera, x: camera.x + dx * unit, y: camera.y + (flipY ? 1 : -1) * dy * unit };
  const [right, up] = axesOf(camera.orbit);
  const [x, y, z] = [0, 1, 2].map((axis) => unit * (dx * right[axis] - dy * up[axis]));
  return {
    ...camera,
    x: camera.x + x,
    y: camera.y + turn * y,
    orbit: { ...camera.orbit, z: camera.orbit.z + turn * z },
  };
}

/** The directions in space of right and up on the screen: rows of the rotation Rx(pitch) Ry(turn). */
function axesOf({ pitch, turn }: { pitch: number; turn: number }): [number[], number[]] {
  const [a, b] = [(pitch * Math.PI) / 180, (turn * Math.PI) / 180];
  return [
    [Math.cos(b), 0, Math.sin(b)],
    [Math.sin(a) * Math.sin(b), Math.cos(a), -Math.sin(a) * Math.cos(b)],
  ];
}
