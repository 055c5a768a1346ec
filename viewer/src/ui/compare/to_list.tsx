import { useState } from 'preact/hooks';
import type { Comparison } from '../../state/compare/compare';
import { titleOf } from '../../state/compare/texts';
import type { Session } from '../../state/session';
import { formatCount } from '../../state/texts/format';

const USUAL = 20;

interface ToListProps {
  session: Session;
  comparison: Comparison;
  /** By falling score. */
  genes: Uint32Array;
}

/** Makes a gene list of the first genes. */
export function ToList({ session, comparison, genes }: ToListProps) {
  const { geneLists } = session;
  const [typed, setTyped] = useState(USUAL);
  const [made, setMade] = useState('');
  const count = Math.min(typed, genes.length);
  const make = () => {
    const wanted = `First ${count}: ${titleOf(comparison)}`.slice(0, 200);
    const name = geneLists.whyNot(wanted) === null ? wanted : geneLists.freeName();
    geneLists.put({ name, genes: [...genes.slice(0, count)] });
    setMade(`The list “${name}” has ${formatCount(count)} genes.`);
  };
  return (
    <>
      <label class="number to-list">
        <span>First</span>
        <input
          type="number"
          aria-label="Genes of the list"
          min={1}
          max={genes.length}
          value={count}
          onChange={(event) => setTyped(Math.max(1, Math.round(Number(event.currentTarget.value)) || USUAL))}
        />
      </label>
      <button type="button" class="button" onClick={make}>
        As a gene list
      </button>
      <span class="quiet" role="status">
        {made}
      </span>
    </>
  );
}
