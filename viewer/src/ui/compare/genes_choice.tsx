import { useEffect, useState } from 'preact/hooks';
import { hasVariable, type GeneChoice } from '../../state/compare/genes';
import type { Session } from '../../state/session';
import { formatCounted } from '../../state/texts/format';

/** How many variable genes are compared at first. */
const USUAL = 2_000;

/** The genes to compare. */
export function GenesChoice({ session }: { session: Session }) {
  const { compare, bundle, geneLists } = session;
  const choice = compare.genes.value;
  const [isVariable, setVariable] = useState(false);
  useEffect(() => {
    const failed = (error: unknown) => (session.problem.value = error);
    hasVariable(bundle).then(setVariable, failed);
    session.loadSets().catch(failed);
  }, [session]);
  const lists = [...geneLists.list.value, ...geneLists.sets.value].map(({ name }) => name);
  const choose = (of: string) => {
    const choices: Record<string, GeneChoice> = {
      all: { of: 'all' },
      variable: { of: 'variable', count: USUAL },
      typed: { of: 'typed', text: '' },
      list: { of: 'list', name: lists[0] },
    };
    compare.genes.value = choices[of];
  };
  return (
    <>
      <label class="field">
        <span>Genes</span>
        <select
          aria-label="Genes to compare"
          value={choice.of}
          onChange={(event) => choose(event.currentTarget.value)}
        >
          <option value="all">All {formatCounted(bundle.nGenes, 'gene')}</option>
          {(isVariable || choice.of === 'variable') && <option value="variable">Most variable genes</option>}
          {(lists.length > 0 || choice.of === 'list') && <option value="list">A gene list or set</option>}
          <option value="typed">These genes</option>
        </select>
      </label>
      {choice.of === 'variable' && (
        <label class="number">
          <span>How many</span>
          <input
            type="number"
            min={1}
            max={bundle.nGenes}
            value={choice.count}
            onChange={(event) => {
              const count = Math.round(Number(event.currentTarget.value)) || USUAL;
              compare.genes.value = { of: 'variable', count: Math.max(1, count) };
            }}
          />
        </label>
      )}
      {choice.of === 'list' && (
        <select
          aria-label="Gene list"
          value={choice.name}
          onChange={(event) => (compare.genes.value = { of: 'list', name: event.currentTarget.value })}
        >
          {(lists.includes(choice.name) ? lists : [choice.name, ...lists]).map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      )}
      {choice.of === 'typed' && (
        <textarea
          rows={3}
          aria-label="Names of genes to compare"
          spellcheck={false}
          placeholder="Type or paste names, such as CD3D, CD8A, MS4A1"
          value={choice.text}
          onInput={(event) => (compare.genes.value = { of: 'typed', text: event.currentTarget.value })}
        />
      )}
    </>
  );
}
