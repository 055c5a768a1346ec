import type { Session } from '../../state/session';
import { GeneSearch } from './gene_search';

const NOTHING = '';

/** What the cells are coloured by: a column of obs, or a gene. */
export function ColourBy({ session }: { session: Session }) {
  const { bundle, colouring } = session;
  const wanted = colouring.wanted.value;
  const chosen = wanted.by === 'column' ? String(wanted.index) : NOTHING;
  const choose = (value: string) => {
    if (value === NOTHING) return session.chooseColour({ by: 'nothing' }, '');
    const index = Number(value);
    return session.chooseColour({ by: 'column', index }, bundle.columns[index].name);
  };
  return (
    <section>
      <h2>Colour by</h2>
      <label class={wanted.by === 'column' ? 'field active' : 'field'}>
        <span>Annotation</span>
        <select value={chosen} onChange={(event) => void choose(event.currentTarget.value)}>
          <option value={NOTHING}>{wanted.by === 'gene' ? 'Choose a column' : 'None'}</option>
          {bundle.columns.map(({ name, kind }, index) => (
            <option key={index} value={index} disabled={kind === 'string'}>
              {kind === 'string' ? `${name} (text, shown on hover)` : name}
            </option>
          ))}
        </select>
      </label>
      <GeneSearch session={session} active={wanted.by === 'gene'} />
    </section>
  );
}
