/**
 * Ranks a column by its name, by the rules of the exporter (`select/obs_columns/names.py`); a test compares the two.
 * From 0: cell type, annotation, clusters, Leiden, Louvain; null for any other name.
 */
const CELL_TYPE =
  /cell_?(types?|class(es)?|subclass(es)?|subtypes?|states?|labels?|identity|ontology_class)(?=_|\d|$)/;
const ANNOTATION =
  /(^|_)(ann|annots?|annotations?|annotated|majority_voting|predicted_labels?|labels?|singler|lineages?|compartments?|class|classes|classification|subclass|supertypes?|identity)(?=_|\d|$)/;
const CLUSTERS = /(^|_)((sub)?clusters?|clustering|graphclust|k_?means|phenograph|snn_res|ident)(?=_|\d|$)/;
/** A column of samples, in spite of its name. */
const SAMPLES = /(^|_)orig_ident(?=_|\d|$)/;
/** Patterns in the order in which they are tried, each with its rank. */
const LABELS: readonly (readonly [RegExp, number])[] = [
  [CELL_TYPE, 0],
  [ANNOTATION, 1],
  [/leiden/, 3],
  [/louvain/, 4],
  [CLUSTERS, 2],
];
/** The usual numbers of a cell: counts, genes, mitochondrial share, scores, times. */
const NUMBERS = [
  /^((n_)?(total_)?(umis?|counts?|transcripts?)|total_counts?|n_counts?_[a-z0-9]+|(umi|transcript)_counts?)$/,
  /^(n_genes?(_by_counts|_detected)?|n_features?(_[a-z0-9]+)?|genes?_detected|(gene|feature)_counts?)$/,
  /^(?=.*(^|_)(pct|percent|percentage|perc|frac|fraction|prop|ratio)(_|$))(?=.*(^|_)(mt|mito|mitochondrial)(_|$)).*$/,
  /^(.*_)?scores?$/,
  /^(.*_)?(pseudo_?time|latent_time)$/,
];
const PASSED_OVER = [
  /_(ontology(_term)?|term)(_ids?)?$|_ontology_term$/,
  /(^|_)colou?rs?(_hex)?$/,
  /^((.*_)?barcodes?|(cell|obs|soma|observation)_?(ids?|names?|index|joinid)|index|unnamed_\d+|bc)$/,
  // Positions.
  /^(array|pxl|pixel|image)_(row|col|column|x|y)(_in_fullres)?$/,
  /^[xyz](_?(centroid|coords?|coordinates?|positions?|locations?))?(_(global|local|slide))?(_(px|mm|um))?$/,
  /^(centroid|coords?|center|position)_?[xyz](_(global|local|slide))?(_(px|mm|um))?$/,
];

/** The words of a name in lower case, such as `predicted_cell_type` for `predicted.CellType`. */
export function wordsOf(name: string): string {
  return name
    .replace(/([a-z0-9])(?=[A-Z])/g, '$1_')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
}

export function labelRank(name: string): number | null {
  const words = wordsOf(name);
  return LABELS.find(([pattern]) => pattern.test(words.replace(SAMPLES, '')))?.[1] ?? null;
}

/** Whether a column with this name is not worth showing: ontology terms, colours, ids. */
export function isPassedOver(name: string): boolean {
  const words = wordsOf(name);
  return PASSED_OVER.some((pattern) => pattern.test(words));
}

/**
 * Whether a column of whole numbers is called like labels, such as `leiden`: by the rule of the exporter
 * (`formats/columns/number_labels.py`), described in docs/howto/genes-and-cells.md. A test compares the two.
 */
export function promisesLabels(name: string): boolean {
  const words = wordsOf(name);
  return labelRank(name) !== null && !isPassedOver(name) && !NUMBERS.some((pattern) => pattern.test(words));
}
