/**
 * Finds the column of var that names the genes if its index holds accession numbers. The exporter uses the same
 * rule in `karospace_stream/select/gene_names.py`; a test compares the two.
 */

/** Columns of symbols, in upper or lower case; the first that fits is used. */
export const SYMBOL_COLUMNS = [
  ...['feature_name', 'gene_symbols', 'gene_symbol', 'gene_name', 'gene_names', 'symbol', 'symbols'],
  ...['gene_short_name', 'hgnc_symbol', 'mgi_symbol', 'external_gene_name'],
];
const ACCESSIONS = [
  '(?:[A-Za-z0-9.]+_+)?ENS[A-Z]*[GTEP]\\d{6,}(?:\\.\\d+)?(?:_PAR_Y)?',
  '\\d+',
  'FBgn\\d+|WBGene\\d+|AT[1-5CM]G\\d{5}|ZDB-GENE-\\d+-\\d+|(?:HGNC|MGI|RGD|NCBIGene):\\d+',
];
const ACCESSION = new RegExp(`^(?:${ACCESSIONS.join('|')})$`);
const LOOKED_AT = 2000;
const MOST = 0.8;
const UNIQUE = 0.9;
const NAMED = 0.5;
const SYMBOLS = 0.1;

export function areAccessions(names: readonly string[]): boolean {
  return shareOf(names) >= MOST;
}

/** Whether a column names most genes, nearly all of them uniquely, and not mostly by accession numbers. */
export function areSymbols(values: readonly string[]): boolean {
  const given = values.filter((value) => value !== '');
  if (given.length === 0 || given.length < NAMED * values.length) return false;
  return new Set(given).size >= UNIQUE * given.length && shareOf(values) <= 1 - SYMBOLS;
}

/** The share of accession numbers in an even sample of the names. */
function shareOf(names: readonly string[]): number {
  const step = Math.max(1, Math.floor(names.length / LOOKED_AT));
  const some = names.filter((name, at) => at % step === 0 && name !== '');
  const found = some.filter((name) => ACCESSION.test(name));
  return some.length === 0 ? 0 : found.length / some.length;
}
