import { OrthographicView, type Layer } from '@deck.gl/core';
import { computed, effect, signal, type ReadonlySignal } from '@preact/signals-core';
import { lookupTable } from '../../state/colouring/palette';
import { isDrawnOver } from '../../state/colouring/drawn_over';
import { mixtures } from '../../state/genes/blend';
import { emphasise } from '../../state/selection/emphasis';
import { NO_CELLS, type Cells } from '../../state/selection/sets';
import type { Session } from '../../state/session';
import { FIRST_COLORS, type SceneColors } from '../colors';
import { cellsWithin, type Region } from '../picking/regions';
import { coloured } from '../points/cells_layer';
import { pointDiameter, spotDiameter } from '../points/point_size';
import { PointsLayer } from '../points/points_layer';
import { Canvas } from '../view/canvas';
import { projectInto, type Projection } from '../view/projection';
import type { AnyView } from '../view/view';
import { modelMatrixOf, panelProjection, type PlacedPanel } from './panel';
import { PanelPaints, type PanelPaint } from './panel_paint';
import { Thumbnails } from './thumbnails';

/** Cells that express a gene are larger than those that do not. */
const EXPRESSING = 1.3;
/** A cell is found this many pixels from its centre, or under its disc. */
const REACH = 5;
const ORIGIN: [number, number, number] = [0, 0, 0];

/** Draws the panels of sections that are in sight on one canvas, only when something has changed. */
export class SectionsScene {
  readonly #session: Session;
  readonly #deck: Canvas<AnyView[]>;
  readonly #paints = new PanelPaints();
  readonly #thumbnails: Thumbnails;
  readonly #stop: (() => void)[] = [];
  /** The panels on the canvas. */
  readonly panels = signal<readonly PlacedPanel[]>([]);
  readonly #colors = signal<SceneColors>(FIRST_COLORS);
  /** Number of pictures drawn; tests wait for it. */
  readonly drawn = signal(0);
  /** Number of panels whose cells the last picture has. */
  readonly nDrawn = signal(0);
  /** Number of panels whose image it has. */
  readonly nImages = signal(0);

  /** The filtered cells, with those in the light or the selected ones emphasised. */
  readonly #shown = computed(() => {
    const { bundle, filters, selection, spotlight } = this.#session;
    return emphasise(bundle.nCells, filters.mask.value, spotlight.cells.value ?? selection.cells.value);
  });

  readonly #usesCodes = computed(() => {
    const { tissue, colouring } = this.#session;
    return tissue.sections.usesCodes.value && colouring.current.value.by.by === 'nothing';
  });

  readonly #table = computed(() => {
    const { colouring, categories, bundle, tissue } = this.#session;
    const { paint } = colouring.current.value;
    if (paint.kind === 'blend') return mixtures(paint.genes.length, this.#colors.value);
    const column = tissue.sections.info?.firstColumn ?? null;
    const info = column === null ? null : bundle.columns[column];
    if (!this.#usesCodes.value || info?.kind !== 'category') return colouring.table.value;
    return lookupTable(categories.colorsOf(column!, new Uint32Array(info.categories.length)));
  });

  constructor(canvas: HTMLCanvasElement, session: Session) {
    this.#session = session;
    this.#thumbnails = new Thumbnails(session);
    this.#deck = new Canvas<AnyView[]>({
      canvas,
      width: '100%',
      height: '100%',
      views: [],
      viewState: {},
      deviceProps: { type: 'webgl', webgl: { antialias: false } },
      _pickable: false,
      layerFilter: ({ layer, viewport }) => layer.id.endsWith(` ${viewport.id}`),
      getCursor: () => 'inherit',
      onLoad: () => canvas.removeAttribute('tabindex'),
      onAfterRender: () => void this.drawn.value++,
      onError: (error) => void (session.problem.value = error),
    });
    this.#stop.push(
      effect(() => {
        // Images wait for the points of their section.
        void session.tissue.sections.points.loaded.value;
        this.#thumbnails.want(this.panels.value.map(({ section }) => section));
      }),
      effect(() => this.#draw()),
    );
  }

  set colors(colors: SceneColors) {
    this.#colors.value = colors;
  }

  /** Draws at once, in the same frame in which the canvas is moved. */
  drawNow(): void {
    this.#deck.drawNow();
  }

  /** Whether the points of each panel in sight are drawn, or could not be loaded. */
  readonly isSettled: ReadonlySignal<boolean> = computed(
    () => this.panels.value.length > 0 && this.#session.tissue.sections.points.isSettled,
  );

  /** The shown cell at a pixel of the panel of a section. */
  cellAt(section: number, x: number, y: number): number | null {
    const found = this.#found(section);
    if (!found) return null;
    const { panel, projection, positions, start, mask } = found;
    const diameter = this.#diameterOf(panel);
    const reach = Math.max(REACH, diameter / 2 + 1) ** 2;
    const { paint } = this.#session.colouring.current.peek();
    const spot = new Float64Array(3);
    let top: number | null = null;
    let nearest: number | null = null;
    let least = reach;
    for (let cell = 0; cell < positions.length / 2; cell++) {
      if (mask && mask[start + cell] === 0) continue;
      projectInto(spot, projection, positions[2 * cell], positions[2 * cell + 1], 0);
      const distance = (spot[0] - x) ** 2 + (spot[1] - y) ** 2;
      if (!(distance <= reach)) continue;
      const number = start + cell;
      if (distance <= (diameter / 2) ** 2 && (top === null || isDrawnOver(paint, number, top))) top = number;
      if (distance < least) [least, nearest] = [distance, number];
    }
    return top ?? nearest;
  }

  /** The shown cells in a region of the panel of a section, in ascending order. */
  async cellsIn(section: number, region: Region): Promise<Cells> {
    const found = this.#found(section);
    if (!found) return NO_CELLS;
    const { projection, positions, start, mask } = found;
    const own = mask && mask.subarray(start, start + positions.length / 2);
    const cells = await cellsWithin(region, { positions, width: 2, solid: false, mask: own }, projection);
    return cells.map((cell) => start + cell);
  }

  /** Centre and diameter of a cell in pixels of the canvas; null if its panel is out of sight. */
  spotOf(cell: number): { x: number; y: number; diameter: number } | null {
    void this.panels.value;
    const section = this.#session.tissue.sections.sectionOf(cell);
    const found = section === null ? null : this.#found(section);
    if (!found) return null;
    const { panel, projection, positions, start } = found;
    const at = 2 * (cell - start);
    const spot = new Float64Array(3);
    projectInto(spot, projection, positions[at], positions[at + 1], 0);
    if (!Number.isFinite(spot[0])) return null;
    return { x: panel.x + spot[0], y: panel.y + spot[1], diameter: this.#diameterOf(panel) };
  }

  destroy(): void {
    for (const stop of this.#stop) stop();
    this.#thumbnails.destroy();
    this.#deck.finalize();
  }

  get #yAxis(): 'up' | 'down' {
    return this.#session.tissue.sections.embedding?.yAxis ?? 'down';
  }

  #found(section: number) {
    const { sections } = this.#session.tissue;
    const panel = this.panels.peek().find((each) => each.section === section);
    const points = sections.points.loaded.peek().get(section);
    if (!panel || points?.is !== 'here') return null;
    const item = sections.info!.items[section];
    const projection: Projection = panelProjection(this.#model(section), panel, this.#yAxis);
    const { positions } = points.points;
    return { panel, projection, positions, start: item.start, mask: this.#session.filters.mask.peek() };
  }

  #model(section: number): Float32Array {
    const { sections } = this.#session.tissue;
    return modelMatrixOf(sections.info!.items[section], sections.orientationOf(section), this.#yAxis);
  }

  #diameterOf({ section, width, height, zoom }: PlacedPanel): number {
    const { appearance, tissue } = this.#session;
    const { sections } = tissue;
    const factor = appearance.pointSize.value;
    const camera = { x: 0, y: 0, zoom };
    const spot = sections.embedding?.spotDiameter ?? 0;
    if (spot > 0) return spotDiameter(spot, camera, factor);
    const counts = sections.counts.value;
    // At one scale, points are alike: those that suit the section with the most cells.
    const nCells = sections.isFitted.value ? counts[section] : counts.reduce((a, b) => Math.max(a, b), 1);
    return pointDiameter(nCells, { width, height }, camera, camera, factor);
  }

  #draw(): void {
    const panels = this.panels.value;
    const views = panels.map(
      ({ section, x, y, width, height }) =>
        new OrthographicView({ id: `panel-${section}`, x, y, width, height, flipY: this.#yAxis === 'down' }),
    );
    const viewState = Object.fromEntries(
      panels.map(({ section, zoom }) => [`panel-${section}`, { target: ORIGIN, zoom }]),
    );
    const cells = panels.flatMap((panel) => this.#cellsLayer(panel) ?? []);
    const images = panels.map(({ section }) => {
      const model = this.#model(section);
      return this.#thumbnails.layers(section, `panel-${section}`, model);
    });
    this.nDrawn.value = cells.length;
    this.nImages.value = images.filter((each) => each.length > 0).length;
    this.#deck.setProps({ views, viewState, layers: [...images.flat(), ...cells] });
  }

  #cellsLayer(panel: PlacedPanel): Layer | null {
    const { section } = panel;
    const { sections } = this.#session.tissue;
    const item = sections.info!.items[section];
    const points = sections.points.of(section);
    if (!points) return null;
    const hasZeros = this.#session.colouring.hasGreyZeros.value;
    return new PointsLayer({
      id: `cells panel-${section}`,
      positions: points.positions,
      travel: null,
      clip: null,
      width: 2,
      solid: false,
      mist: false,
      radius: 0,
      ...this.#paintOf(section, points.codes),
      mask: this.#paints.mask(this.#shown.value, section, item),
      table: this.#table.value,
      diameter: this.#diameterOf(panel),
      unit: 1,
      growth: hasZeros && !sections.embedding?.spotDiameter ? EXPRESSING : 1,
      ...coloured(this.#session, this.#colors.value),
      modelMatrix: this.#model(section),
    });
  }

  #paintOf(section: number, codes: Float32Array<ArrayBuffer> | null): PanelPaint {
    if (codes && this.#usesCodes.value) return this.#paints.codes(codes, section);
    const item = this.#session.tissue.sections.info!.items[section];
    return this.#paints.cut(this.#session.colouring.current.value.paint, section, item);
  }
}
