import type { Layer } from '@deck.gl/core';
import { batch, computed, effect, signal, type ReadonlySignal } from '@preact/signals-core';
import { mixtures } from '../state/genes/blend';
import { emphasise } from '../state/selection/emphasis';
import type { SceneSession } from '../state/drawing/scene_session';
import type { HoveredTranscript } from '../state/drawing/transcripts';
import { NO_CELLS, type Cells } from '../state/selection/sets';
import { SegmentsLayer } from './arrows/segments_layer';
import { VectorField } from './arrows/vector_field';
import { EdgesLayer } from './edges/edges_layer';
import { Graph } from './edges/graph';
import { segmentsOf } from './edges/links';
import { boxWidth, CategoryLabels, type Label, type LabelCounts } from './labels/category_labels';
import { Finder } from './picking/finder';
import { FIRST_COLORS, type SceneColors } from './colors';
import { PAGE, type Drawing, type FigureLook, type Part } from './figure/drawing';
import { mostScale } from './figure/limits';
import { inTiles } from './figure/tiles';
import { vectorsIn, type Vectors } from './figure/vectors';
import { cellsWithin, type Corner, type Region } from './picking/regions';
import { RegionOutlines, type RegionName } from './regions/region_outlines';
import type { Region as TissueRegion } from '../state/selection/regions/region';
import { parseColor } from '../state/colouring/contrast';
import { cellsInView } from './picking/visible_cells';
import { cellsLayers } from './points/cells_layer';
import { Motion } from './points/motion';
import { Sides } from './points/sides';
import { discAt, projectInto } from './view/projection';
import { TissueImages } from './tissue_images';
import { TissueLayers } from './tissue/tissue_layers';
import type { SlideLayers } from './tissue/slides/slide_layers';
import { DeckCamera } from './view/deck_camera';
import { makeCanvas, type Canvas } from './view/canvas';
import type { Box } from '../state/picture/placed';
import type { Size } from '../state/view/camera';
import { axesOn } from './figure/axes';

export type { SceneColors };

/** Draws a session, or a panel of it, on a canvas, only when something has changed. */
export class Scene {
  readonly #session: SceneSession;
  readonly #deck: Canvas;
  readonly #camera: DeckCamera;
  readonly #sides: Sides;
  readonly #motion: Motion;
  readonly #finder: Finder;
  readonly #graph: Graph;
  readonly #field: VectorField;
  readonly #names: CategoryLabels;
  readonly #regions: RegionOutlines;
  readonly #images: TissueImages;
  readonly #tissue: TissueLayers;
  readonly #stop: (() => void)[] = [];
  readonly #drawing = signal<Drawing>({ ...PAGE, colors: FIRST_COLORS });
  /** Number of pictures drawn; tests wait for it. */
  readonly drawn = signal(0);

  /** The filtered cells, with those in the light or the selected ones emphasised. */
  readonly #shown = computed(() => {
    const { bundle, filters, selection, spotlight } = this.#session;
    const cells = spotlight.cells.value ?? selection.cells.value;
    return emphasise(bundle.nCells, filters.mask.value, cells);
  });

  readonly #table = computed(() => {
    const { current, table } = this.#session.colouring;
    const { paint } = current.value;
    return paint.kind === 'blend' ? mixtures(paint.genes.length, this.#drawing.value.colors) : table.value;
  });

  readonly #inView = computed(() => {
    const drawn = this.#finder.drawn.value;
    const projection = this.#camera.projection.value;
    const size = this.#session.view.size.value;
    return () => (drawn && projection ? cellsInView(drawn, projection, size) : null);
  });

  readonly #links = computed(() => {
    const drawn = this.#finder.drawn.value;
    const links = this.#graph.links.value;
    return drawn && links.length > 0 ? segmentsOf(links, drawn) : null;
  });

  constructor(canvas: HTMLCanvasElement, session: SceneSession) {
    this.#session = session;
    this.#camera = new DeckCamera(session.view);
    this.#sides = new Sides(session);
    this.#motion = new Motion(session.view);
    this.#finder = new Finder(session, this.#camera, this.#sides);
    this.#graph = new Graph(session, this.#inView);
    this.#field = new VectorField(session);
    this.#names = new CategoryLabels(session, this.#camera);
    this.#regions = new RegionOutlines(session);
    this.#images = new TissueImages(session, this.#camera);
    this.#tissue = new TissueLayers(session, this.#camera);
    this.#deck = makeCanvas(canvas, this.#camera, {
      onAfterRender: () => void this.drawn.value++,
      onError: (error) => void (session.problem.value = error),
    });
    this.#stop.push(
      effect(() => this.#showCamera()),
      effect(() => void this.#deck.setProps({ layers: this.#layers() })),
    );
  }

  /** Whether cells are on their way to another embedding. */
  get isMoving(): boolean {
    return this.#motion.travel.value !== null;
  }

  set colors(colors: SceneColors) {
    this.#drawing.value = { ...PAGE, colors };
  }

  /** Whether cells can be found: tests and hover wait for this. */
  get searchable(): ReadonlySignal<boolean> {
    return this.#finder.ready;
  }

  /** Names of categories over their cells, placed so that they do not overlap. */
  get labels(): ReadonlySignal<readonly Label[]> {
    return this.#names.labels;
  }

  /** Counts of the drawn names, and of those left out. */
  get labelCounts(): LabelCounts {
    return this.#names.counts;
  }

  /** The shown cell at a pixel of the canvas. */
  cellAt(x: number, y: number): number | null {
    const within = this.#tissue.shapes.cellAt(x, y);
    return within === undefined ? this.#finder.find(x, y) : within;
  }

  /** The shown cells in a region of the canvas as it is now, in ascending order. */
  async cellsIn(region: Region): Promise<Cells> {
    const drawn = this.#finder.drawn.peek();
    const projection = this.#camera.projection.peek();
    return drawn && projection ? cellsWithin(region, drawn, projection) : NO_CELLS;
  }

  /** The region of the tissue that a polygon on the canvas encloses; null where the cells lie in no tissue. */
  regionOf(corners: readonly Corner[]): TissueRegion | null {
    const { view } = this.#session;
    const shown = view.embedding.peek();
    if (!shown || !view.hasLengths.peek()) return null;
    const [originX, originY] = shown.info.origin;
    const ring = corners.map(([x, y]) => {
      const [atX, atY] = view.placeAt(x, y)!;
      return [atX + originX, atY + originY] as const;
    });
    return { embedding: shown.index, section: view.placed.peek()?.section ?? null, polygons: [[ring]] };
  }

  /** Names of regions, in pixels of the canvas. */
  readonly regionNames: ReadonlySignal<readonly RegionName[]> = computed(() => {
    const projection = this.#camera.projection.value;
    return projection ? this.#regions.names(projection) : [];
  });

  /** The shown neighbours of some cells, up to so many edges away; null if the graph cannot be loaded. */
  neighboursOf(cells: Cells, hops: number): Promise<Cells | null> {
    return this.#graph.neighbours(cells, hops);
  }

  /** Centre and diameter of a cell in pixels of the canvas. */
  spotOf(cell: number): { x: number; y: number; diameter: number } | null {
    const drawn = this.#finder.drawn.peek();
    const projection = this.#camera.projection.value;
    if (!drawn || !projection) return null;
    const { positions, width, solid } = drawn;
    const at = cell * width;
    const spot = new Float64Array(3);
    projectInto(spot, projection, positions[at], positions[at + 1], solid ? positions[at + 2] : 0);
    const [x, y, w] = spot;
    const { diameters } = this.#sides.at(x / this.#session.view.size.peek().width);
    return w > 0 ? { x, y, diameter: discAt(diameters.of(cell), projection, w) } : null;
  }

  /** The transcript at a pixel of the canvas. */
  transcriptAt(x: number, y: number): HoveredTranscript | null {
    return this.#tissue.transcripts.find(x, y);
  }

  zoomBy(steps: number): void {
    this.#camera.zoomBy(steps);
  }

  /** Moves the view by pixels of the screen. */
  panBy(dx: number, dy: number): void {
    this.#camera.panBy(dx, dy);
  }

  /** Rotates the view by degrees, in 3-D. */
  turnBy(turn: number, pitch: number): void {
    this.#camera.turnBy(turn, pitch);
  }

  /** Whether tissue images are drawn. */
  get hasImages(): boolean {
    return this.#images.layers().length > 0 || this.slides.areShown;
  }

  /** The names in a frame, given the widths of texts. */
  labelsIn(frame: Size, widthOf: (text: string, isSmall: boolean) => number): readonly Label[] {
    const framed = this.#camera.framed(frame);
    const box = (text: string, isSmall: boolean) => boxWidth(widthOf(text, isSmall), isSmall);
    return framed ? this.#names.placeIn(framed.projection, frame, box).labels : [];
  }

  /** log2 of pixels of a frame per unit of the coordinates. */
  zoomIn(frame: Size): number {
    return Math.log2(this.#camera.framed(frame)?.perUnit ?? 1);
  }

  /** Where the axes lead in a frame, in pixels. */
  axesIn(frame: Size): readonly { readonly x: number; readonly y: number }[] {
    const framed = this.#camera.framed(frame);
    const camera = this.#session.view.camera.peek();
    return framed && camera ? axesOn(framed, camera) : [];
  }

  /** Most pixels per unit of a figure whose cells are in a frame. */
  mostScale(figure: Size, frame: Size, points: number): number {
    const grow = this.#camera.framed(frame)?.grow ?? 1;
    return mostScale(figure, this.#sides.left.diameters.largest.peek() * grow * points);
  }

  /** The cells in a box of a figure as circles, and edges and arrows as lines, as far as there are few. */
  async vectors(box: Box, { colors, points }: FigureLook, isWanted: () => boolean): Promise<Vectors | null> {
    const framed = this.#camera.framed(box);
    const drawn = this.#finder.drawn.peek();
    if (!framed || !drawn) return null;
    const { diameters } = this.#sides.left;
    const of = { session: this.#session, framed, box, drawn, diameters, colors, points };
    const lines = {
      pairs: this.#graph.pairs.peek(),
      links: this.#links.peek(),
      arrows: this.#field.arrows.peek(),
      outlines: this.#regions.outlines.peek(),
    };
    const found = await vectorsIn({ ...of, ...lines, emphasis: this.#shown.peek() }, isWanted);
    // Shapes, transcripts and both sides of a curtain are drawn with the cells, and only as a picture.
    const { shapes, transcripts } = this.#tissue;
    const isPicture = shapes.areDrawn || transcripts.drawn.peek().length > 0 || this.#sides.right !== null;
    return isPicture ? { ...found, cells: null } : found;
  }

  /** The slides, whose tiles must be loaded before a figure is painted. */
  get slides(): SlideLayers {
    return this.#tissue.slides;
  }

  /**
   * Draws parts of a frame with `scale` pixels per unit, in tiles if it is larger than the graphics card can draw.
   * Afterwards the canvas shows the page's own picture again.
   */
  paint(frame: Size, scale: number, look: FigureLook, parts: readonly Part[]): HTMLCanvasElement {
    const shown = this.#drawing.peek();
    const camera = this.#camera;
    const page = this.#session.view.size.peek();
    try {
      return inTiles(frame, scale, page, {
        setRatio: (ratio) => this.#deck.setProps({ useDevicePixels: ratio }),
        draw: (whole, x, y, ratio) => {
          const framed = camera.framed(whole, x, y);
          if (!framed) return null;
          const { view, viewState, grow } = framed;
          batch(() => {
            this.#deck.setProps({ views: view, viewState });
            this.#drawing.value = {
              ...look,
              parts,
              isFigure: true,
              wide: (grow * page.width) / whole.width,
              unit: grow,
              fineness: Math.max(1, (grow * ratio) / devicePixelRatio),
            };
          });
          this.#deck.drawNow();
          return this.#deck.getCanvas();
        },
      });
    } finally {
      this.#deck.setProps({ useDevicePixels: true });
      this.#showCamera();
      this.#drawing.value = shown;
      this.#deck.drawNow();
    }
  }

  destroy(): void {
    for (const stop of this.#stop) stop();
    this.#finder.destroy();
    this.#motion.destroy();
    this.#graph.destroy();
    this.#field.destroy();
    this.#images.destroy();
    this.#tissue.destroy();
    this.#deck.finalize();
  }

  #showCamera(): void {
    const viewState = this.#camera.viewState.value;
    // Both at once, since one view does not know the state of the other.
    if (viewState) this.#deck.setProps({ views: this.#camera.view.value, viewState });
  }

  #layers(): Layer[] {
    if (!this.#session.view.embedding.value) return [];
    const has = (part: Part) => this.#drawing.value.parts.includes(part);
    const edges = has('edges') ? this.#edgesLayers() : [];
    const points = has('cells') ? this.#cells() : [];
    // In 3-D, cells must be drawn before the things that they hide.
    const cells = this.#session.view.solid.value ? [...points, ...edges] : [...edges, ...points];
    const overlays = has('overlays')
      ? [...this.#linkLayers(), ...this.#arrowLayers(), ...this.#outlineLayers()]
      : [];
    const drawing = this.#drawing.value;
    const below = has('images') ? [...this.#images.layers(), ...this.#tissue.below(drawing.isFigure)] : [];
    const above = has('cells') ? this.#tissue.above(drawing, this.#shown.value) : [];
    return [...below, ...cells, ...above, ...overlays];
  }

  #cells(): Layer[] {
    return cellsLayers(this.#sides, {
      mask: this.#shown.value,
      table: this.#table.value,
      drawing: this.#drawing.value,
      modelMatrix: this.#camera.modelMatrix.value,
      share: this.#tissue.shapes.pointOpacity.value,
      travel: this.#motion.travel.value,
    });
  }

  #edgesLayers(): Layer[] {
    const { view, overlays } = this.#session;
    const pairs = this.#graph.pairs.value;
    if (!pairs) return [];
    const { positions, width } = view.embedding.value!;
    const solid = view.solid.value;
    return [
      new EdgesLayer({
        id: `edges-${width}${solid ? '-deep' : ''}`,
        positions,
        width,
        solid,
        pairs,
        color: this.#drawing.value.colors.ink,
        // Lines are always one pixel wide: with finer pixels they need more opacity.
        opacity: Math.min(1, overlays.edgeOpacity.value * this.#drawing.value.fineness),
        modelMatrix: this.#camera.modelMatrix.value,
      }),
    ];
  }

  #linkLayers(): Layer[] {
    const segments = this.#links.value;
    if (!segments) return [];
    const { colors, unit } = this.#drawing.value;
    const look = { color: colors.accent, haloColor: colors.stage, width: 2 * unit, head: 0, halo: unit };
    const modelMatrix = this.#camera.modelMatrix.value;
    return [new SegmentsLayer({ id: 'links', segments, ...look, modelMatrix })];
  }

  #outlineLayers(): Layer[] {
    const { colors, unit } = this.#drawing.value;
    const look = { haloColor: colors.stage, head: 0, halo: 0, modelMatrix: this.#camera.modelMatrix.value };
    return this.#regions.outlines.value.flatMap(({ name, color, segments }) => [
      // Below all sides, since the rim of one would lie over the next.
      new SegmentsLayer({ id: `rim ${name}`, segments, ...look, width: 4 * unit, color: colors.stage }),
      new SegmentsLayer({
        id: `region ${name}`,
        segments,
        ...look,
        width: 2 * unit,
        color: parseColor(color),
      }),
    ]);
  }

  #arrowLayers(): Layer[] {
    const segments = this.#field.arrows.value;
    if (!segments) return [];
    const { colors, unit } = this.#drawing.value;
    const look = {
      color: colors.ink,
      haloColor: colors.stage,
      width: 1.4 * unit,
      head: 8 * unit,
      halo: unit,
    };
    const modelMatrix = this.#camera.modelMatrix.value;
    return [new SegmentsLayer({ id: 'arrows', segments, ...look, modelMatrix })];
  }
}
