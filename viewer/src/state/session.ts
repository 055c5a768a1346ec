import { effect, signal, untracked } from '@preact/signals-core';
import { ViewerError } from '../bytes/errors';
import { isAbort } from '../bytes/shared';
import type { Bundle, GeneTable } from '../bundle/bundle';
import { CategoryNames } from './view/category_names';
import { Details } from './texts/cell_details';
import type { Categories } from './colouring/categories';
import { Compare } from './compare/compare';
import { Colouring, type ColourBy } from './colouring/colouring';
import { Curtain, type CurtainBy } from './colouring/curtain';
import { Spotlight } from './colouring/spotlight';
import { firstColour } from './colouring/first_colour';
import type { Filter } from './filters/filter';
import { followGroups } from './filters/follow_groups';
import { Filters } from './filters/filters';
import { openMasks, type StartWorker } from './filters/service';
import { decoderOf } from './genes/decoder';
import { GeneLists } from './genes/gene_lists';
import { History } from './history/history';
import { partsOf } from './history/parts';
import { Appearance } from './drawing/appearance';
import type { Hovered } from './drawing/hovered';
import { Images } from './drawing/images';
import { SectionFilters } from './drawing/section_filters';
import { followSection } from './tissue/follow_section';
import { Slides } from './drawing/slides';
import { didYouMean, findName } from './lists/find_name';
import { Markers } from './markers/markers';
import { Drawer } from './plots/drawer';
import { Notes } from './texts/notes';
import { CellPlots } from './plots/cell_plots';
import { Overlays } from './drawing/overlays';
import { ShownTranscripts } from './drawing/transcripts';
import { embeddingNames } from './view/embedding_names';
import type { Camera } from './view/camera';
import { EmbeddingView, type ShownEmbedding } from './view/embedding_view';
import { keepInSight } from './view/keep_in_sight';
import { LinkedPanels } from './view/linked/linked_panels';
import { SectionNames } from './view/section_names';
import { SourceNumbers } from './selection/source_numbers';
import { Selection } from './selection/selection';
import { Groups } from './selection/groups';
import { Tools } from './selection/tools';
import { TissueState } from './tissue/tissue';

/** Tasks that fail independently; a later success clears the failure of the same task. */
type Task =
  | 'embedding'
  | 'colour'
  | 'filter'
  | 'image'
  | 'ids'
  | 'edges'
  | 'vectors'
  | 'names'
  | 'details'
  | 'markers'
  | 'plot'
  | 'compare'
  | 'groups'
  | 'session';

/** An open bundle and all choices of the user. Knows no DOM. */
export class Session {
  readonly view: EmbeddingView;
  readonly colouring: Colouring;
  /** Names, colours and order of categories, as shown. */
  readonly categories: Categories;
  readonly spotlight: Spotlight;
  readonly curtain: Curtain;
  readonly panels: LinkedPanels;
  readonly filters: Filters;
  /** The filters within the section that is shown alone, as the stage shows the cells. */
  readonly drawn: SectionFilters;
  readonly selection = new Selection();
  readonly tools = new Tools();
  readonly groups = new Groups();
  /** Numbers of cells for links and files. */
  readonly numbers: SourceNumbers;
  readonly geneLists = new GeneLists();
  readonly history: History;
  readonly overlays: Overlays;
  /** Genes whose transcripts are drawn over the tissue. */
  readonly transcripts: ShownTranscripts;
  readonly names: CategoryNames;
  readonly images: Images;
  readonly slides: Slides;
  readonly details: Details;
  readonly markers: Markers;
  readonly plots: CellPlots;
  readonly drawer = new Drawer();
  readonly compare: Compare;
  readonly notes: Notes;
  /** Sections, slides, shapes and transcripts, as the page shows them. */
  readonly tissue: TissueState;
  readonly sections: SectionNames;
  readonly appearance = new Appearance();
  /** The cell under the pointer. */
  readonly hovered = signal<Hovered | null>(null);
  /** The clicked cell, whose neighbours stay visible. */
  readonly pinned = signal<number | null>(null);
  /** The loaded share of the coordinates, from 0 to 1. */
  readonly progress = signal(0);
  /** A description of what is being loaded. */
  readonly busy = signal<string | null>(null);
  /** The last error while the bundle is open. */
  readonly problem = signal<unknown>(null);
  /** The parts of the last link that the bundle does not have. */
  readonly missed = signal<ViewerError | null>(null);
  #running = 0;
  #failed: Task | null = null;

  constructor(
    readonly bundle: Bundle,
    startWorker?: StartWorker,
  ) {
    if (startWorker) bundle.decodeIn?.(decoderOf(startWorker));
    this.filters = new Filters(
      bundle,
      (error) => (this.problem.value = error),
      (nCells) => openMasks(nCells, startWorker),
    );
    this.numbers = new SourceNumbers(bundle, (error) => this.report(error));
    this.tissue = new TissueState(bundle, this.filters);
    const { large } = this.tissue.sections;
    this.view = new EmbeddingView(bundle, large);
    this.drawn = new SectionFilters(this.filters, large);
    followSection(this);
    effect(() => {
      const groups = this.groups.list.value;
      untracked(() => (this.filters.all.value = followGroups(this.filters.all.value, groups)));
    });
    this.colouring = new Colouring(bundle, this.drawn, this.groups, startWorker);
    this.categories = this.colouring.categories;
    this.spotlight = new Spotlight(this.colouring, this.drawn);
    this.curtain = new Curtain(new Colouring(bundle, this.drawn, this.groups, startWorker, this.categories));
    this.overlays = new Overlays(bundle);
    this.transcripts = new ShownTranscripts(bundle);
    this.names = new CategoryNames(bundle, this.colouring);
    this.images = new Images(bundle, this.view, this.drawn);
    this.slides = new Slides(bundle, this.view, this.drawn);
    this.sections = new SectionNames(bundle, this.view, this.drawn, this.categories);
    this.panels = new LinkedPanels(this);
    this.markers = new Markers(bundle);
    this.plots = new CellPlots(this, startWorker);
    this.compare = new Compare(this, startWorker);
    this.notes = new Notes(bundle, this.filters, (column) => this.tissue.sections.areApartBy(column));
    this.details = new Details(bundle, this.colouring, this.filters, this.names);
    // Groups that change are painted anew.
    effect(() => {
      void this.groups.list.value;
      if (this.colouring.wanted.peek().by === 'groups') void this.colouring.choose({ by: 'groups' });
    });
    this.history = new History(
      partsOf({
        ...this,
        chooseEmbedding: (index) => this.chooseEmbedding(index),
        chooseColour: (by, label) => this.chooseColour(by, label),
      }),
    );
  }

  /** Compares the chosen cells. */
  runComparison(): Promise<void> {
    return this.during('compare', 'Comparing genes', () => this.compare.run());
  }

  chooseEmbedding(index: number, cameraOf?: (shown: ShownEmbedding) => Camera | null): Promise<void> {
    const name = embeddingNames(this.bundle.embeddings)[index];
    return this.during('embedding', `Loading ${name}`, () =>
      this.view.choose(index, (share) => (this.progress.value = share), cameraOf),
    );
  }

  /** Shows another embedding, with the cells that are in view. */
  changeEmbedding(index: number): Promise<void> {
    return this.chooseEmbedding(index, (shown) => keepInSight(this.view, shown));
  }

  /** Draws a curtain over the stage, whose right side has other colours; null takes it away. */
  chooseCurtain(by: CurtainBy | null, label = ''): Promise<void> {
    return this.during('colour', `Loading ${label}`, () => this.curtain.choose(by));
  }

  chooseColour(by: ColourBy, label: string): Promise<void> {
    return this.during('colour', `Loading ${label}`, async () => {
      await this.colouring.choose(by);
      // Nothing is to follow a choice that was given up.
      if (this.colouring.wanted.peek() !== by) return;
      if (by.by === 'column') this.markers.follow(by.index);
      if (by.by === 'gene') this.geneLists.note([by.index]);
      if (by.by === 'blend') this.geneLists.note(by.genes);
      // A link names the genes.
      if (by.by === 'list') await this.loadGenes();
    });
  }

  /** The names of the genes. */
  async loadGenes(): Promise<GeneTable> {
    const table = await this.bundle.genes();
    if (this.geneLists.table.peek() === null) this.geneLists.table.value = table;
    return table;
  }

  /** The sets of the bundle, if it has some. */
  async loadSets(): Promise<void> {
    const { geneFacts } = this.bundle;
    if (!geneFacts?.hasSets || this.geneLists.sets.peek().length > 0) return;
    this.geneLists.sets.value = await geneFacts.sets();
  }

  /** Colours by the column with a name. An unknown name becomes the problem. */
  async colourByColumn(name: string): Promise<void> {
    const { columns } = this.bundle;
    const usable = [...columns.keys()].filter((each) => columns[each].kind !== 'string');
    const { index, similar } = findName([usable.map((each) => columns[each].name)], name);
    if (index >= 0) {
      const column = usable[index];
      return this.chooseColour({ by: 'column', index: column }, columns[column].name);
    }
    this.#failed = 'colour';
    this.problem.value = new ViewerError(
      `There is no column ${JSON.stringify(name)} to colour the cells by${didYouMean(similar)}`,
      'Choose a name from the list “Annotation”.',
    );
  }

  /** Colours by the gene with a name. An unknown name becomes the problem. */
  colourByGene(name: string): Promise<void> {
    return this.during('colour', `Loading ${name}`, async () => {
      const { names, ids } = await this.bundle.genes();
      const { index, similar } = findName(ids ? [names, ids] : [names], name);
      if (index >= 0) return this.colouring.choose({ by: 'gene', index });
      throw new ViewerError(
        `There is no gene ${JSON.stringify(name)} in this bundle${didYouMean(similar)}`,
        'Search for the gene in the panel.',
      );
    });
  }

  hide(column: number, codes: ReadonlySet<number>): Promise<void> {
    return this.during('filter', `Loading ${this.bundle.columns[column].name}`, () =>
      this.filters.hide(column, codes),
    );
  }

  /** Adds a filter, or replaces the one of the same values. */
  filter(filter: Filter): Promise<void> {
    // Nothing is loaded: a line that says so would only flicker.
    if (this.filters.isLoaded(filter)) return this.filters.put(filter);
    const name = 'name' in filter ? filter.name : this.bundle.columns[filter.column].name;
    return this.during('filter', `Loading ${name}`, () => this.filters.put(filter));
  }

  /** Chooses the column whose categories are named over the cells; null for that of the colours. */
  nameCategories(column: number | null): Promise<void> {
    if (column === null) return this.names.choose(null);
    const { name } = this.bundle.columns[column];
    return this.during('names', `Loading ${name}`, () => this.names.choose(column));
  }

  /** Chooses columns of the tooltip, in addition to those that it shows anyway. */
  chooseDetails(columns: readonly number[]): Promise<void> {
    const added = columns.filter((column) => !this.details.chosen.peek().includes(column));
    const [name] = added.map((column) => this.bundle.columns[column].name);
    if (name === undefined) return this.details.choose(columns);
    return this.during('details', `Loading ${name}`, () => this.details.choose(columns));
  }

  /** Loads the name of a cell, and its texts. */
  loadTexts(cell: number): Promise<void> {
    return this.during('ids', 'Loading the names of cells', () => this.details.load(cell));
  }

  /** The first colouring. */
  firstColour(): ColourBy {
    return firstColour(this.bundle);
  }

  /** Shows an error, unless it only says that something else is wanted by now. */
  report(error: unknown, task: Task | null = null): void {
    if (isAbort(error)) return;
    this.problem.value = error;
    this.#failed = task;
  }

  /** Runs `work`. Shows what is loading meanwhile, and keeps the error for the page to show. */
  async during(task: Task, what: string, work: () => Promise<void>): Promise<void> {
    this.#running++;
    this.busy.value = what;
    if (this.#failed === task) this.problem.value = null;
    try {
      await work();
    } catch (error) {
      this.report(error, task);
    } finally {
      if (--this.#running === 0) this.busy.value = null;
    }
  }
}
