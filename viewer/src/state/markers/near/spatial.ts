import type { Neighbourhoods } from '../../../bundle/statistics';
import { markerColumn, type MarkerTable } from '../table';

/** Loads all genes by their spatial pattern: one request. The names in a CSV are those of `statistics().genes`. */
export async function loadSpatial(neighbourhoods: Neighbourhoods): Promise<MarkerTable> {
  const found = await neighbourhoods.genes();
  return {
    grouping: 0,
    group: null,
    genes: found.genes,
    columns: [
      markerColumn(
        'moran',
        'Moran’s I',
        'Near 1 where neighbours have similar values, near 0 by chance',
        'moran_i',
        'number',
        found.moranI,
      ),
      markerColumn('moran_p', 'p of I', 'One-sided p-value', 'moran_pval', 'p', found.moranP),
      markerColumn(
        'moran_adjusted',
        'Adjusted p of I',
        'p-value adjusted by Benjamini and Hochberg over all genes',
        'moran_pval_adj',
        'p',
        found.moranAdjusted,
      ),
      markerColumn(
        'geary',
        'Geary’s C',
        'Near 0 where neighbours have similar values, near 1 by chance',
        'geary_c',
        'number',
        found.gearyC,
      ),
      markerColumn('geary_p', 'p of C', 'One-sided p-value', 'geary_pval', 'p', found.gearyP),
      markerColumn(
        'geary_adjusted',
        'Adjusted p of C',
        'p-value adjusted by Benjamini and Hochberg over all genes',
        'geary_pval_adj',
        'p',
        found.gearyAdjusted,
      ),
    ],
  };
}

/** How the numbers were computed, as a sentence. */
export function spatialFacts({ graph }: Neighbourhoods): string {
  return (
    `Over all cells of the export, on the graph ${graph}, each row of which is divided by its sum. p-values are one-sided, ` +
    'of the normal approximation. A gene whose values are all equal has none of these numbers.'
  );
}
