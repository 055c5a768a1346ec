import { streamBundle } from './stream_fixture';
import { gzip, json, toBytes, type MapFiles } from './map_files';

const NAN = Number.NaN;

/** Three groups of five cells and four genes; the last group has one cell and was not compared. */
export function statisticsBundle(change: (statistics: Record<string, unknown>) => void = () => {}): MapFiles {
  const part = (name: string, start = 0, end = 4) => ({ path: `s/${name}`, start, end, size_bytes: 9 });
  const statistics = {
    test: 'wilcoxon',
    tie_correct: false,
    columns: [
      { name: 'gene', dtype: 'uint32' },
      { name: 'score', dtype: 'float32' },
      { name: 'log_fold_change', dtype: 'float32' },
      { name: 'mean_outside', dtype: 'float32' },
      { name: 'share_outside', dtype: 'float32' },
      { name: 'p_value', dtype: 'float64' },
      { name: 'adjusted_p_value', dtype: 'float64' },
    ],
    groupings: [
      {
        column: '__proto__',
        categories: ['B', 'T', 'one'],
        n_cells: [2, 2, 1],
        n_without: 1,
        reference: null,
        // Cut after the third gene.
        means: [part('means_0.gz', 0, 3), part('means_1', 3, 4)],
        shares: [part('shares.gz')],
        variances: [part('variances.gz')],
        best: { path: 's/best.json.gz', size_bytes: 9 },
        // Three genes: the numbers of eight bytes begin at an odd multiple of four.
        rankings: [
          { group: 0, parts: [part('rank_0_0.gz', 0, 3), part('rank_0_1', 3, 4)] },
          { group: 1, parts: [part('rank_1.gz')] },
        ],
        too_small: [2],
      },
    ],
  };
  change(statistics);
  const bundle = streamBundle((atlas) => (atlas.statistics = statistics));
  const { files } = bundle;
  files.set('s/means_0.gz', gzip(toBytes(Float32Array.of(1, 2, 0, 3, 0, 0.5, 5, 5, 5))));
  files.set('s/means_1', toBytes(Float32Array.of(-1, 4, NAN)));
  files.set('s/shares.gz', gzip(toBytes(Float32Array.of(0.5, 1, 0, 1, 0, 1, 1, 1, 1, 0.5, 0.5, NAN))));
  files.set('s/variances.gz', gzip(toBytes(Float32Array.of(2, 0, NAN, 8, 0, NAN, 0, 0, NAN, 2, 2, NAN))));
  files.set(
    's/best.json.gz',
    gzip(
      json({
        groups: [
          {
            group: 0,
            genes: [1, 0],
            scores: [3, 1],
            log_fold_changes: [2, null],
            adjusted_p_values: [0.1, 0.2],
          },
          {
            group: 1,
            genes: [3, 1],
            scores: [2, 1],
            log_fold_changes: [1, 1],
            adjusted_p_values: [0.3, 0.4],
          },
        ],
      }),
    ),
  );
  files.set('s/rank_0_0.gz', gzip(ranked([1, 0, 2], [3, 1, 0], [2, NAN, 0], [0, 1e-300, 1])));
  files.set('s/rank_0_1', ranked([3], [-2], [-1], [0.5]));
  files.set('s/rank_1.gz', gzip(ranked([3, 1, 0, 2], [2, 1, 0, -1], [1, 1, 0, 0], [0.1, 0.2, 1, 1])));
  return bundle;
}

/** Columns of a part one after another; means and shares outside are a tenth of the gene's number. */
function ranked(genes: number[], scores: number[], changes: number[], p: number[]) {
  const tenths = genes.map((gene) => gene / 10);
  const columns = [
    Uint32Array.from(genes),
    Float32Array.from(scores),
    Float32Array.from(changes),
    Float32Array.from(tenths),
    Float32Array.from(tenths),
    Float64Array.from(p),
    Float64Array.from(p, (value) => Math.min(1, 2 * value)),
  ];
  return toBytes(Buffer.concat(columns.map(toBytes)));
}
