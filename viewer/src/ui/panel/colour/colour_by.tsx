import { useMemo } from 'preact/hooks';
import type { Session } from '../../../state/session';
import { ColumnField } from '../controls/column_field';
import { BlendWith } from './blend_with';
import { GeneSearch } from './gene_search';
import { ListProgress } from './list_progress';

/** The choice of the colouring: a column of obs, or a gene. */
export function ColourBy({ session }: { session: Session }) {
  const { bundle, colouring } = session;
  const { columns } = bundle;
  const wanted = colouring.wanted.value;
  const all = useMemo(() => [...columns.keys()], [columns]);
  return (
    <section>
      <h2>Colour by</h2>
      <ColumnField
        id="column-field"
        label="Annotation"
        columns={columns}
        offered={all}
        chosen={wanted.by === 'column' ? wanted.index : null}
        active={wanted.by === 'column'}
        nothing={wanted.by === 'nothing' ? 'None' : 'Choose a column'}
        whyDisabled={(column) => (columns[column].kind === 'string' ? 'text: for the tooltip' : null)}
        onChoose={(index) => {
          if (index === null) void session.chooseColour({ by: 'nothing' }, '');
          else void session.chooseColour({ by: 'column', index }, columns[index].name);
        }}
      />
      <GeneSearch session={session} active={['gene', 'list', 'blend'].includes(wanted.by)} />
      <BlendWith session={session} />
      <ListProgress session={session} />
    </section>
  );
}
