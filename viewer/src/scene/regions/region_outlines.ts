import { computed, type ReadonlySignal } from '@preact/signals-core';
import type { SceneSession } from '../../state/drawing/scene_session';
import type { Region } from '../../state/selection/regions/region';
import { projectInto, type Projection } from '../view/projection';
import type { Segments } from '../arrows/segments';

/** The outline of a group that was drawn on the tissue. */
export interface Outline {
  readonly name: string;
  /** `#rrggbb` */
  readonly color: string;
  readonly segments: Segments;
}

/** The name of a region, and where the middle of its lower edge is, in pixels. */
export interface RegionName {
  readonly text: string;
  readonly color: string;
  readonly x: number;
  readonly y: number;
}

/** The outlines of the groups that lie on what is drawn. */
export class RegionOutlines {
  readonly outlines: ReadonlySignal<readonly Outline[]> = computed(() => {
    const { view, groups, overlays } = this.session;
    const shown = view.embedding.value;
    if (!shown || view.solid.value || !overlays.regions.value) return [];
    const section = view.part.value?.section ?? null;
    return groups.list.value.flatMap(({ name, color, region }) => {
      if (region?.embedding !== shown.index) return [];
      if (section !== null && region.section !== null && region.section !== section) return [];
      return [{ name, color, segments: sidesOf(region, shown.info.origin) }];
    });
  });

  constructor(private readonly session: SceneSession) {}

  /** The names of the regions, each above its highest corner on the screen. */
  names(projection: Projection): RegionName[] {
    const spot = new Float64Array(3);
    return this.outlines.value.flatMap(({ name, color, segments: { tails, count } }) => {
      let [x, y] = [0, Infinity];
      for (let at = 0; at < count; at++) {
        projectInto(spot, projection, tails[3 * at], tails[3 * at + 1], 0);
        if (spot[1] < y) [x, y] = [spot[0], spot[1]];
      }
      return count > 0 ? [{ text: name, color, x, y }] : [];
    });
  }
}

/** All sides, relative to the origin of the embedding. */
function sidesOf({ polygons }: Region, [originX, originY]: readonly number[]): Segments {
  const rings = polygons.flat();
  const count = rings.reduce((sum, ring) => sum + ring.length, 0);
  const [tails, tips] = [new Float32Array(3 * count), new Float32Array(3 * count)];
  let at = 0;
  for (const ring of rings)
    ring.forEach(([x, y], corner) => {
      const [toX, toY] = ring[(corner + 1) % ring.length];
      tails.set([x - originX, y - originY], 3 * at);
      tips.set([toX - originX, toY - originY], 3 * at);
      at++;
    });
  return { tails, tips, count };
}
