import { useMemo, useState } from 'preact/hooks';
import { cellsKey, keyOf } from '../../../state/filters/filter';
import type { Session } from '../../../state/session';
import { ColumnField } from '../controls/column_field';
import { NameField } from '../controls/name_search';
import { openSection, Section } from '../controls/section';
import { useGenes } from '../colour/gene_search';
import { Checklist } from './checklist';
import { Chips } from './chips';
import { RangeEditor } from './range_editor';
import { keyOfSubject, type Subject } from './subject';

/** Filters the cells by columns and genes, independently of the colouring. All filters apply together. */
export function Filter({ session }: { session: Session }) {
  const { columns, nGenes } = session.bundle;
  const [chosen, setChosen] = useState<Subject | null>(null);
  const usable = useMemo(
    () => [...columns.keys()].filter((index) => columns[index].kind !== 'string'),
    [columns],
  );
  if (usable.length === 0 && nGenes === 0) return null;
  const { by, paint } = session.colouring.current.value;
  const inLegend = by.by === 'column' && paint.kind === 'category' ? by.index : null;
  const open = chosen?.kind === 'column' && chosen.column === inLegend ? null : chosen;
  const edit = (subject: Subject) => {
    if (subject.kind === 'column' && subject.column === inLegend) {
      openSection('legend');
      document.getElementById('legend-title')?.focus();
    } else setChosen(subject);
  };
  return (
    <Section id="filter" title="Filter">
      <Chips
        session={session}
        open={open && keyOfSubject(open)}
        onEdit={edit}
        onClose={() => setChosen(null)}
      />
      <div class="filter-fields">
        <ColumnField
          id="filter-field"
          label="Filter by"
          columns={columns}
          offered={usable}
          chosen={open?.kind === 'column' ? open.column : null}
          nothing="Choose a column"
          whyDisabled={(column) => (column === inLegend ? 'in the legend' : null)}
          onChoose={(column) => setChosen(column === null ? null : { kind: 'column', column })}
        />
        {nGenes > 0 && <GeneField session={session} open={open} onChoose={setChosen} />}
        <GroupField session={session} />
      </div>
      {open && <Editor key={keyOfSubject(open)} session={session} subject={open} />}
    </Section>
  );
}

/** Adds a filter by one of the user's groups, if there are any. */
function GroupField({ session }: { session: Session }) {
  const { groups, filters } = session;
  const list = groups.list.value;
  if (list.length === 0) return null;
  const taken = new Set(filters.all.value.map(keyOf));
  return (
    <label class="field">
      <span>or by a group</span>
      <select
        value=""
        onChange={(event) => {
          const group = list.find(({ name }) => name === event.currentTarget.value);
          event.currentTarget.value = '';
          if (!group) return;
          const { name, cells } = group;
          void session.filter({ kind: 'cells', name, cells, isInside: true, isOn: true });
        }}
      >
        <option value="">Choose a group</option>
        {list.map(({ name }) => (
          <option key={name} value={name} disabled={taken.has(cellsKey(name))}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

interface GeneFieldProps {
  session: Session;
  open: Subject | null;
  onChoose: (subject: Subject) => void;
}

function GeneField({ session, open, onChoose }: GeneFieldProps) {
  const genes = useGenes(session);
  return (
    <div class="field">
      <NameField
        id="filter-gene"
        label="or by a gene"
        things="Genes to filter by"
        names={genes?.names ?? null}
        others={genes?.ids}
        current={open?.kind === 'gene' ? open.name : ''}
        placeholder="Search"
        none="No exported gene has a name that contains this"
        onChoose={(gene, name) => onChoose({ kind: 'gene', gene, name })}
      />
    </div>
  );
}

function Editor({ session, subject }: { session: Session; subject: Subject }) {
  if (subject.kind === 'column' && session.bundle.columns[subject.column].kind !== 'number')
    return <Checklist session={session} column={subject.column} />;
  return <RangeEditor session={session} subject={subject} />;
}
