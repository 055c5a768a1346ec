import { batch, computed, untracked } from '@preact/signals-core';
import type { Colouring, ColourBy } from '../colouring/colouring';
import type { Compare } from '../compare/compare';
import { stateOf } from '../filters/filter';
import type { GeneLists } from '../genes/gene_lists';
import type { Spotlight } from '../colouring/spotlight';
import type { Filters } from '../filters/filters';
import type { ShownTranscripts } from '../drawing/transcripts';
import type { CellPlots } from '../plots/cell_plots';
import type { Groups } from '../selection/groups';
import type { Selection } from '../selection/selection';
import type { EmbeddingView } from '../view/embedding_view';
import type { TissueState } from '../tissue/tissue';
import type { Part } from './history';
import { pack } from './packed';

/** What can be undone, and the ways back that load something. */
interface Undoable {
  readonly view: EmbeddingView;
  readonly colouring: Colouring;
  readonly filters: Filters;
  readonly spotlight: Spotlight;
  readonly selection: Selection;
  readonly groups: Groups;
  readonly geneLists: GeneLists;
  readonly plots: CellPlots;
  readonly transcripts: Pick<ShownTranscripts, 'chosen'>;
  readonly compare: Compare;
  readonly tissue: TissueState;
  readonly chooseEmbedding: (index: number) => Promise<void>;
  readonly chooseColour: (by: ColourBy, label: string) => Promise<void>;
}

/** Groups come before the colours, which may be theirs; the range comes after them, as new colours reset it. */
export function partsOf(session: Undoable): readonly Part[] {
  const { colouring, plots, compare, transcripts } = session;
  const { histogram, composition, violin, scatter } = plots;
  const { sides, genes, test, tieCorrect, look } = compare;
  return [
    embeddingPart(session),
    orientationsPart(session),
    groupsPart(session),
    geneListsPart(session),
    colourPart(session),
    settingsPart(
      'the range of colours',
      [colouring.chosenRange, colouring.chosenMiddle, colouring.chosenBlend],
      true,
    ),
    settingsPart('the palette', [
      ...[colouring.scheme, colouring.isReversed, colouring.scale],
      ...[colouring.greyZeros, colouring.namesZeros],
    ]),
    legendPart(session),
    spotlightPart(session),
    filtersPart(session),
    selectionPart(session),
    settingsPart('the plot', [
      ...[histogram.chosen, histogram.by, histogram.nBins, histogram.isLog],
      ...[histogram.look, histogram.onlySelected],
      ...[composition.chosenOf, composition.chosenBy, composition.amount, composition.sort],
      composition.onlySelected,
      ...[violin.chosen, violin.chosenBy, violin.split, violin.withZeros, violin.isLog],
      ...[violin.hasViolins, violin.hasBoxes, violin.hasPoints, violin.order, violin.widths],
      ...[scatter.x, scatter.y, scatter.isLog, scatter.isColoured],
    ]),
    settingsPart('the transcripts', [transcripts.chosen], true),
    // Names of genes are typed letter by letter.
    settingsPart('the comparison', [sides, genes, test, tieCorrect, look], true),
  ];
}

function embeddingPart({ view, chooseEmbedding }: Undoable): Part {
  // A grid of panels needs no embedding: the wanted one is then not loaded yet.
  const index = () => view.embedding.value?.index ?? view.wanted.value;
  const value = computed(() => `${index()} ${view.flat.value}`);
  return {
    name: 'the embedding',
    value,
    keep: () => {
      const [before, flat, was] = [
        view.embedding.peek()?.index ?? view.wanted.peek(),
        view.flat.peek(),
        value.peek(),
      ];
      return {
        holds: [],
        restore: async () => {
          if (untracked(index) !== before) await chooseEmbedding(before);
          if (view.embedding.peek()?.index === before && view.flat.peek() !== flat) view.flatten(flat);
          return value.peek() === was;
        },
      };
    },
  };
}

function orientationsPart({ tissue }: Undoable): Part {
  const { orientations } = tissue.sections;
  return {
    name: 'how sections are turned',
    value: orientations,
    keep: () => {
      const all = orientations.peek();
      return {
        holds: [],
        restore: () => {
          orientations.value = all;
          return true;
        },
      };
    },
  };
}

function groupsPart({ groups }: Undoable): Part {
  return {
    name: 'the groups',
    value: groups.list,
    keep: () => {
      const list = groups.list.peek();
      return {
        holds: list.map(({ cells }) => cells),
        restore: () => {
          groups.list.value = list;
          return true;
        },
      };
    },
  };
}

function geneListsPart({ geneLists }: Undoable): Part {
  return {
    name: 'the gene lists',
    value: geneLists.list,
    keep: () => {
      const list = geneLists.list.peek();
      return {
        holds: [],
        restore: () => {
          geneLists.list.value = list;
          return true;
        },
      };
    },
  };
}

function colourPart({ colouring, chooseColour }: Undoable): Part {
  const value = computed(() => keyOf(colouring.current.value.by));
  return {
    name: 'the colours',
    value,
    keep: () => {
      const { by, label } = colouring.current.peek();
      return {
        holds: [],
        restore: async () => {
          await chooseColour(by, label);
          return value.peek() === keyOf(by);
        },
      };
    },
  };
}

function keyOf(by: ColourBy): string {
  return JSON.stringify(by);
}

function legendPart({ colouring: { categories } }: Undoable): Part {
  return {
    name: 'the legend',
    value: categories.edits,
    keep: () => {
      const edits = categories.edits.peek();
      return {
        holds: [],
        restore: () => {
          categories.edits.value = edits;
          return true;
        },
      };
    },
  };
}

function spotlightPart({ spotlight }: Undoable): Part {
  return {
    name: 'the spotlight',
    value: spotlight.held,
    keep: () => {
      const code = spotlight.held.peek();
      return {
        holds: [],
        restore: () => {
          spotlight.hold(code);
          return spotlight.held.peek() === code;
        },
      };
    },
  };
}

/** A signal that the user sets, with a value for JSON. */
interface Setting {
  value: unknown;
  peek(): unknown;
}

function settingsPart(name: string, settings: readonly Setting[], isGradual = false): Part {
  return {
    name,
    isGradual,
    value: computed(() => JSON.stringify(settings.map(({ value }) => value))),
    keep: () => {
      const values = settings.map((each) => each.peek());
      return {
        holds: [],
        restore: () => {
          batch(() => settings.forEach((each, at) => (each.value = values[at])));
          return true;
        },
      };
    },
  };
}

function filtersPart({ filters }: Undoable): Part {
  // A filter that is set again in the same way is a new object.
  const value = computed(() => filters.all.value.map(stateOf).join(';'));
  return {
    name: 'the filter',
    get isGradual() {
      return filters.isSliding;
    },
    value,
    keep: () => {
      const [all, before] = [filters.all.peek(), value.peek()];
      return {
        holds: all.flatMap((each) => (each.kind === 'cells' ? [each.cells] : [])),
        restore: async () => {
          await filters.restore(all);
          return value.peek() === before;
        },
      };
    },
  };
}

function selectionPart({ selection, filters: { bundle } }: Undoable): Part {
  return {
    name: 'the selection',
    value: selection.cells,
    keep: () => {
      const packed = pack(selection.cells.peek(), bundle.nCells);
      return {
        holds: [packed.array],
        restore: () => {
          selection.set(packed.unpack());
          return true;
        },
      };
    },
  };
}
