import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { Mask } from '../../filters/mask';
import type { Cells } from '../../selection/sets';
import { needsOf, type EngineClient, type Source } from '../engine/client';
import type { Range, ScatterRequest } from '../engine/engine';
import { follow, unlessAborted, type Report } from '../engine/follow';
import {
  countGroups,
  describeGroups,
  groupingSource,
  loadGroups,
  NO_GROUPING,
  type Grouped,
  type Grouping,
  type LoadedGroups,
} from '../engine/groupings';
import type { Plotted } from '../engine/plotted';
import { colouringSubject, subjectName, subjectSource, type Subject } from '../engine/subjects';
import type { Scatter } from './scatter';

interface Wanted {
  readonly x: Subject;
  readonly y: Subject;
  readonly colours: Grouping;
  readonly request: ScatterRequest;
  readonly sources: readonly Source[];
  readonly needs: string;
  readonly mask: Mask;
}

interface ComputedScatter {
  readonly wanted: Wanted;
  readonly names: readonly [string, string];
  readonly groups: LoadedGroups;
  readonly numbers: Scatter;
}

export interface DrawnScatter extends ComputedScatter {
  readonly colours: Grouped;
}

/** Two numbers of each cell against each other. */
export class ScatterPlot {
  readonly x = signal<Subject | null>(null);
  readonly y = signal<Subject | null>(null);
  readonly isLog = signal(false);
  /** Whether cells have the colours of their categories. */
  readonly isColoured = signal(false);
  readonly #computed = signal<ComputedScatter | null>(null);

  /** What was computed last, with the names and colours that categories have now. */
  readonly drawn: ReadonlySignal<DrawnScatter | null> = computed(() => {
    const last = this.#computed.value;
    return last && { ...last, colours: describeGroups(last.groups, this.from) };
  });

  /** The categories that colour the cells, or did last. */
  readonly categories: ReadonlySignal<Grouping> = computed(() => {
    const { current, lastCategories } = this.from.colouring;
    if (current.value.by.by === 'groups') return { by: 'groups' };
    const index = lastCategories.value?.column;
    return index === undefined ? NO_GROUPING : { by: 'column', index };
  });

  readonly #wanted: ReadonlySignal<Wanted | null> = computed(() => {
    const { from } = this;
    const [x, y] = [this.x.value, this.y.value];
    if (!x || !y) return null;
    const colours = this.isColoured.value ? this.categories.value : NO_GROUPING;
    const [sourceX, sourceY] = [subjectSource(x, from.bundle), subjectSource(y, from.bundle)];
    const sourceColours = groupingSource(colours, from);
    const sources = [sourceX, sourceY, sourceColours].filter((source) => source !== null);
    return {
      x,
      y,
      colours,
      request: {
        x: sourceX.key,
        y: sourceY.key,
        colours: sourceColours?.key ?? null,
        nColours: countGroups(colours, from),
        isLog: this.isLog.value,
      },
      sources,
      needs: needsOf(sources),
      mask: from.filters.mask.value,
    };
  });

  constructor(
    readonly from: Plotted,
    readonly client: EngineClient,
  ) {}

  /** Draws whenever something changes, until the returned function is called. The first axis is what colours the cells. */
  follow(report: Report): () => void {
    this.x.value ??= colouringSubject(this.from.colouring.current.peek());
    return follow(this.#wanted, async (wanted, signal) => {
      if (!wanted) {
        this.#computed.value = null;
        return;
      }
      const names = namesOf(wanted, this.from);
      const isReady = this.client.hasAll(wanted.sources);
      await report(isReady ? null : `Loading ${names.join(' and ')}`, () =>
        unlessAborted(signal, this.#draw(wanted, signal)),
      );
    });
  }

  async #draw(wanted: Wanted, signal: AbortSignal): Promise<void> {
    const engine = await this.client.with('scatter', wanted.sources, signal);
    const [groups, numbers] = await Promise.all([
      loadGroups(wanted.colours, this.from),
      engine.scatter(wanted.request, wanted.mask),
    ]);
    this.#computed.value = { wanted, names: namesOf(wanted, this.from), groups, numbers };
  }

  /** The shown cells in a rectangle of values. */
  async cellsInside({ wanted }: DrawnScatter, across: Range, up: Range): Promise<Cells> {
    const engine = await this.client.with('clicked', wanted.sources, new AbortController().signal);
    return engine.cellsInside(wanted.request, this.from.filters.mask.peek(), across, up);
  }

  /** Exchanges the axes. */
  swap(): void {
    [this.x.value, this.y.value] = [this.y.peek(), this.x.peek()];
  }
}

function namesOf({ x, y }: Wanted, { bundle }: Plotted): [string, string] {
  return [subjectName(x, bundle), subjectName(y, bundle)];
}
