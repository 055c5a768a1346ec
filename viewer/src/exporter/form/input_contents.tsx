import { formatCounted } from '../../state/texts/format';
import type { Facts, Matrix } from '../model/schema';
import { formatBytes } from '../model/units';

const LISTED = 12;

/** The contents of the input file. */
export function InputContents({ facts }: { facts: Facts }) {
  const { obsp, images, container, nbytes, kind, inputs } = facts;
  return (
    <div class="holds" role="region" aria-label="What the input holds">
      <p class="sum">
        <Counted n={facts.n_cells} noun="cell" /> × <Counted n={facts.n_genes} noun="gene" />
        <span class="quiet">
          {' '}
          · {inputs.length > 1 ? formatCounted(inputs.length, 'input') : kind || container}
          {nbytes !== null && `, ${formatBytes(nbytes)}`}
        </span>
      </p>
      {facts.against.map((text) => (
        <p key={text} class="against">
          {text}
        </p>
      ))}
      <dl class="facts">
        {inputs.length > 0 && (
          <Row name={formatCounted(inputs.length, 'input')} texts={inputs.map(wordsOfInput)} />
        )}
        {facts.matrices.map((matrix) => (
          <div key={matrix.name}>
            <dt>{nameOf(matrix)}</dt>
            <dd>{wordsOf(matrix)}</dd>
          </div>
        ))}
        <Row name="obs" texts={facts.obs.map(({ name }) => name)} />
        <Row name="obsm" texts={facts.obsm.map(({ key, n_columns }) => `${key} (${n_columns})`)} />
        <Row name="obsp" texts={obsp} />
        <Row
          name="images"
          texts={images.map(
            ({ library, resolution, width, height }) => `${library}/${resolution} ${width}×${height}`,
          )}
        />
      </dl>
    </div>
  );
}

function Counted({ n, noun }: { n: number; noun: string }) {
  const [number, word] = formatCounted(n, noun).split(' ');
  return (
    <>
      <strong>{number}</strong> {word}
    </>
  );
}

function Row({ name, texts }: { name: string; texts: readonly string[] }) {
  const more = texts.length - LISTED;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {texts.length === 0 ? (
          <span class="quiet">none</span>
        ) : (
          <>
            {texts.slice(0, LISTED).join(', ')}
            {more > 0 && <span class="quiet"> and {more} more</span>}
          </>
        )}
      </dd>
    </div>
  );
}

function wordsOfInput({ name, n_cells, kind }: Facts['inputs'][number]): string {
  return `${name} (${kind ? `${kind}, ` : ''}${formatCounted(n_cells, 'cell')})`;
}

function nameOf({ name }: Matrix): string {
  return name.startsWith('layers/') ? `layer ${name.slice('layers/'.length)}` : name;
}

function wordsOf({ layout, dtype, density, stored_nbytes, compression, name, n_genes }: Matrix): string {
  const kind = layout === 'dense' ? 'dense' : `sparse (${layout.toUpperCase()})`;
  return [
    `${kind}, ${dtype}`,
    layout !== 'dense' && density !== null && `${(100 * density).toPrecision(2)} % of the values are stored`,
    name === 'raw' && `${formatCounted(n_genes, 'gene')}`,
    stored_nbytes !== null && `${formatBytes(stored_nbytes)}${compression && ` (${compression})`}`,
  ]
    .filter(Boolean)
    .join(' · ');
}
