import { batch, effect, signal, untracked } from '@preact/signals-core';
import { besideOf, sectionBeside, type Content } from './content';
import { followCameras } from './cameras';
import type { ViewId } from '../../plots/drawer';
import { SidePanel, type Shared } from './side_panel';

/** Each has a WebGL context, of which browsers allow few; and the stage has one. */
export const MOST_PANELS = 3;
export const LEAST_SHARE = 0.2;

/** The panels beside the stage. */
export class LinkedPanels {
  readonly list = signal<readonly SidePanel[]>([]);
  /** The part of the room that the stage has. */
  readonly share = signal(0.5);
  /** Heights of the panels, one after another, in relation to each other. */
  readonly weights = signal<readonly number[]>([]);
  /** The number of the panel that the keys lead to; undefined for the stage. */
  readonly focused = signal<number | undefined>(undefined);
  #stop: (() => void) | null = null;

  constructor(private readonly shared: Shared) {
    // A plot is in one place: whoever opens it in the drawer takes it from its panel.
    effect(() => {
      const open = shared.drawer.open.value;
      untracked(() => {
        const panel = open === null ? null : this.panelOf(open);
        if (panel) this.close(panel);
      });
    });
  }

  /** The panel that shows a plot. */
  panelOf(view: ViewId): SidePanel | null {
    return this.list.value.find(({ plot }) => plot === view) ?? null;
  }

  /** Adds a panel; null if there are as many as there may be, or one shows the plot. */
  open(content: Content): SidePanel | null {
    const list = this.list.peek();
    if (content.kind === 'plot' && this.panelOf(content.view)) return null;
    if (list.length >= MOST_PANELS) return null;
    const taken = list.map(({ number }) => number);
    const number = [1, 2, 3].find((each) => !taken.includes(each))!;
    const panel = new SidePanel(number, this.shared, content);
    batch(() => {
      this.#set([...list, panel]);
      void this.show(panel, content);
    });
    return panel;
  }

  /** Shows something else in a panel. The drawer gives up a plot that moves here. */
  show(panel: SidePanel, content: Content): Promise<void> {
    const { hovered, drawer } = this.shared;
    if (hovered.peek()?.panel === panel.number) hovered.value = null;
    if (content.kind === 'plot' && drawer.open.peek() === content.view) drawer.open.value = null;
    return panel.show(content);
  }

  close(panel: SidePanel): void {
    const { hovered } = this.shared;
    if (hovered.peek()?.panel === panel.number) hovered.value = null;
    if (this.focused.peek() === panel.number) this.focused.value = undefined;
    this.#set(this.list.peek().filter((each) => each !== panel));
  }

  closeAll(): void {
    for (const panel of this.list.peek()) this.close(panel);
  }

  /**
   * What one click shows beside the stage, or beside the grid of sections: another embedding; without one, the next
   * section. Null if there is neither.
   */
  get beside(): Content | null {
    const { bundle, view, tissue } = this.shared;
    const { mode, info, large } = tissue.sections;
    const ofSections = mode.value === 'grid' || large.value ? info?.embedding : undefined;
    const shown = ofSections ?? view.embedding.value?.index;
    if (shown === undefined) return null;
    const embedding = besideOf(bundle, shown);
    if (embedding !== null) return { kind: 'embedding', embedding };
    const section = sectionBeside(tissue.sections);
    return section === null ? null : { kind: 'section', section };
  }

  resize(share: number): void {
    this.share.value = Math.min(1 - LEAST_SHARE, Math.max(LEAST_SHARE, share));
  }

  /** Moves the edge below a panel: it and the next one then have these parts of the room of both. */
  resizeAt(at: number, part: number): void {
    const weights = [...this.weights.peek()];
    const both = weights[at] + weights[at + 1];
    weights[at] = both * Math.min(1 - LEAST_SHARE, Math.max(LEAST_SHARE, part));
    weights[at + 1] = both - weights[at];
    this.weights.value = weights;
  }

  /** Cameras are only followed while there are panels. */
  #set(list: readonly SidePanel[]): void {
    if (list.length !== this.list.peek().length) this.weights.value = list.map(() => 1);
    this.list.value = list;
    if (list.length === 0) {
      this.#stop?.();
      this.#stop = null;
    } else this.#stop ??= effect(() => followCameras(this.shared.view, this.list.value));
  }
}
