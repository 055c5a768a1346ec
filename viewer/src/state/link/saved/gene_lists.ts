import * as v from 'valibot';
import { LONGEST_NAME } from '../../genes/gene_lists';
import { linkedLists, numbersOf } from '../genes';
import { definePart } from './part';

const MOST_LISTS = 1_000;
const MOST_GENES = 100_000;
const NameSchema = v.pipe(v.string(), v.maxLength(LONGEST_NAME));

/** The lists of genes of the user, by the names of the genes. */
export const geneListsPart = definePart({
  key: 'gene_lists',
  name: 'the gene lists',
  schema: v.pipe(
    v.array(v.object({ name: NameSchema, genes: v.pipe(v.array(v.string()), v.maxLength(MOST_GENES)) })),
    v.maxLength(MOST_LISTS),
  ),
  save: async (session) => {
    const { names } = await session.loadGenes();
    return session.geneLists.list
      .peek()
      .map(({ name, genes }) => ({ name, genes: genes.map((gene) => names[gene]) }));
  },
  load: async (session, lists, misses) => {
    const table = await session.loadGenes();
    session.geneLists.list.value = lists.map(({ name, genes }) => ({
      name,
      genes: numbersOf(genes, table, misses),
    }));
  },
  notInLink: (session) => linkedLists(session).leftOut.map((name) => `the gene list “${name}”`),
});
