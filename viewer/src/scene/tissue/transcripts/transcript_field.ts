import { computed, effect, signal, type ReadonlySignal } from '@preact/signals-core';
import type { Floats } from '../../../bytes/numbers';
import { isAbort } from '../../../bytes/shared';
import type { TranscriptNode } from '../../../bundle/tissue';
import type { SceneSession } from '../../../state/drawing/scene_session';
import type { Extent, HoveredTranscript, ShownGene } from '../../../state/drawing/transcripts';
import type { DeckCamera } from '../../view/deck_camera';
import { NodeLoader } from './node_loader';
import { nodesInView, Squares } from './nodes_in_view';
import { placeAt, viewBox } from './view_box';

/** Nodes are requested once the view has been at rest for so long. */
const REST_MS = 60;
/** A transcript is found this many pixels from its centre. */
const REACH = 4;

/** A gene with its loaded nodes in view. */
export interface DrawnGene extends ShownGene {
  readonly nodes: readonly Floats[];
}

interface InView {
  readonly genes: readonly { readonly shown: ShownGene; readonly nodes: readonly TranscriptNode[] }[];
  readonly isSample: boolean;
}

/** The transcripts of the chosen genes in view: which nodes are wanted, and which are here. */
export class TranscriptField {
  readonly #session: SceneSession;
  readonly #camera: DeckCamera;
  readonly #loader: NodeLoader | null;
  readonly #squares: Squares | null;
  readonly #lists = signal<ReadonlyMap<number, readonly TranscriptNode[]>>(new Map());
  readonly #stop: (() => void)[];
  #timer = 0;

  readonly #isHere = computed(() => {
    const { transcripts, view } = this.#session;
    return view.embedding.value?.index === transcripts.embedding && !view.solid.value;
  });

  readonly #inView: ReadonlySignal<InView | null> = computed(() => {
    const { transcripts, view } = this.#session;
    const chosen = transcripts.chosen.value;
    const projection = this.#camera.projection.value;
    const size = view.size.value;
    if (!this.#squares || !projection || !this.#isHere.value || !transcripts.isShown.value) return null;
    if (chosen.length === 0 || !(size.width > 0 && size.height > 0)) return null;
    const box = viewBox(projection, size);
    const found = chosen.map((shown) => ({
      shown,
      ...nodesInView(this.#lists.value.get(shown.gene) ?? [], this.#squares!, box, chosen.length),
    }));
    return { genes: found, isSample: found.some((each) => each.isSample) };
  });

  /** In the order in which they were chosen. */
  readonly drawn: ReadonlySignal<readonly DrawnGene[]> = computed(() => {
    void this.#loader?.count.value;
    return (this.#inView.value?.genes ?? []).map(({ shown, nodes }) => ({
      ...shown,
      nodes: nodes.map((node) => this.#loader?.get(node)).filter((points) => points !== undefined),
    }));
  });

  constructor(session: SceneSession, camera: DeckCamera) {
    this.#session = session;
    this.#camera = camera;
    const { all } = session.transcripts;
    const origin = all ? session.bundle.embeddings[all.embedding].origin : [];
    this.#squares = all && new Squares(all, origin);
    this.#loader = all && new NodeLoader(all, (error) => this.#report(error));
    this.#stop = all
      ? [effect(() => this.#loadLists()), effect(() => this.#request()), effect(() => this.#tell())]
      : [];
  }

  /** The transcript at a pixel of the canvas; that of the gene that is drawn last. */
  find(x: number, y: number): HoveredTranscript | null {
    const projection = this.#camera.projection.peek();
    const found = this.#inView.peek();
    if (!projection || !found || !this.#squares) return null;
    const [placeX, placeY] = placeAt(projection, x, y);
    const { perUnit } = viewBox(projection, this.#session.view.size.peek());
    let nearest = REACH / perUnit;
    const box = {
      left: placeX - nearest,
      right: placeX + nearest,
      top: placeY - nearest,
      bottom: placeY + nearest,
    };
    let best: HoveredTranscript | null = null;
    for (const { shown, nodes } of found.genes.toReversed()) {
      for (const node of nodes) {
        const points = this.#squares.meets(node, box) ? this.#loader?.get(node) : undefined;
        const distance = points ? nearestOf(points, placeX, placeY) : Infinity;
        if (distance >= nearest) continue;
        nearest = distance;
        best = { name: shown.name, color: shown.color, x, y };
      }
    }
    return best;
  }

  destroy(): void {
    for (const stop of this.#stop) stop();
    this.#session.transcripts.tell(this, null);
    clearTimeout(this.#timer);
    this.#loader?.destroy();
  }

  #loadLists(): void {
    const { transcripts } = this.#session;
    for (const { gene } of transcripts.chosen.value) {
      if (this.#lists.peek().has(gene)) continue;
      transcripts.all!.nodes(gene).then(
        (nodes) => (this.#lists.value = new Map([...this.#lists.peek(), [gene, nodes]])),
        (error: unknown) => this.#report(error),
      );
    }
  }

  #request(): void {
    const wanted = this.#inView.value?.genes.flatMap(({ nodes }) => nodes) ?? [];
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#loader?.want(wanted), REST_MS);
  }

  #tell(): void {
    const { transcripts } = this.#session;
    void this.#loader?.count.value;
    transcripts.tell(this, this.#extent());
  }

  #extent(): Extent {
    const { chosen, isShown } = this.#session.transcripts;
    if (chosen.value.length === 0 || !isShown.value) return 'none';
    if (!this.#isHere.value) return 'elsewhere';
    const found = this.#inView.value;
    const isThere = found?.genes.every(
      ({ shown, nodes }) =>
        this.#lists.value.has(shown.gene) && nodes.every((node) => this.#loader?.get(node) !== undefined),
    );
    if (!found || !isThere) return 'loading';
    return found.isSample ? 'sample' : 'all';
  }

  #report(error: unknown): void {
    if (!isAbort(error)) this.#session.problem.value = error;
  }
}

function nearestOf(points: Floats, x: number, y: number): number {
  let nearest = Infinity;
  for (let at = 0; at < points.length; at += 2) {
    const [dx, dy] = [points[at] - x, points[at + 1] - y];
    const square = dx * dx + dy * dy;
    if (square < nearest) nearest = square;
  }
  return Math.sqrt(nearest);
}
