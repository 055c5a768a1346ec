import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Catalog, DataSet } from '../../bundle/catalog';
import { formatCount } from '../../state/texts/format';
import { NameSearch } from '../../state/lists/search';
import { Card } from './card';
import { backToList, choose } from './phase';
import { OpenButtons } from './start';

const SHOWN = 300;
/** This many fit on a screen, without a search field. */
const FEW = 6;

/** The data sets that a folder offers. */
export function DataSets({ catalog }: { catalog: Catalog }) {
  const { datasets, files, first } = catalog;
  const [typed, setTyped] = useState('');
  // The name comes first, so that names that begin with the typed text rank before the others.
  const search = useMemo(
    () => new NameSearch(datasets.map(({ id, name }) => (id === name ? name : `${name} ${id}`))),
    [datasets],
  );
  useEffect(() => {
    document.title = 'Data sets · KaroSpace';
  }, []);
  const repeated = useMemo(() => repeatedNames(datasets), [datasets]);
  const found = search.find(typed, SHOWN).map((index) => datasets[index]);

  return (
    <Card title="Choose a data set">
      <p class="quiet">
        {formatCount(datasets.length)} data sets at {files.where}
      </p>
      {datasets.length > FEW && (
        <form
          class="wide"
          onSubmit={(event) => {
            event.preventDefault();
            if (found[0]) choose(catalog, found[0].id);
          }}
        >
          <input
            type="search"
            aria-label="Search data sets"
            placeholder="Search"
            autocomplete="off"
            spellcheck={false}
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </form>
      )}
      <ul class="datasets" aria-label="Data sets">
        {found.map((dataset) => (
          <li key={dataset.id}>
            <button type="button" onClick={() => choose(catalog, dataset.id)}>
              <span class="name">
                {dataset.name}
                {dataset.id === first && <span class="badge">default</span>}
              </span>
              <span class="quiet">
                {[repeated.has(dataset.name) && dataset.path, countsOf(dataset)].filter(Boolean).join(' · ')}
              </span>
            </button>
          </li>
        ))}
        {found.length === 0 && <li class="quiet none">No data set has a name that contains this</li>}
        {found.length === SHOWN && <li class="quiet none">Type more to see others</li>}
      </ul>
      <OpenButtons quiet />
    </Card>
  );
}

/** Names that several exports share, as of one file; their folders distinguish them. */
function repeatedNames(datasets: readonly DataSet[]): Set<string> {
  const seen = new Set<string>();
  return new Set(datasets.map(({ name }) => name).filter((name) => seen.has(name) || !seen.add(name)));
}

function countsOf({ nCells, nGenes }: DataSet): string {
  return [
    nCells !== null && `${formatCount(nCells)} cells`,
    nGenes !== null && `${formatCount(nGenes)} genes`,
  ]
    .filter(Boolean)
    .join(' · ');
}

/** The bar over a data set that was chosen from a list. */
export function ListBar({ catalog }: { catalog: Catalog }) {
  return (
    <nav class="list-bar" aria-label="Data sets">
      <button type="button" class="button text" onClick={backToList}>
        ‹ All {formatCount(catalog.datasets.length)} data sets
      </button>
    </nav>
  );
}
