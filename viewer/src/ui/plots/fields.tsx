import { useMemo } from 'preact/hooks';
import type { Signal } from '@preact/signals';
import type { Session } from '../../state/session';
import { isGrouping, type Grouping } from '../../state/plots/engine/groupings';
import { subjectName, type Subject } from '../../state/plots/engine/subjects';
import { labelsOf } from '../../state/texts/cell_value';
import { Icon } from '../widgets/icons';
import { useGenes } from '../panel/colour/gene_search';
import { NameField } from '../panel/controls/name_search';

export const NONE_SELECTED = 'No cells are selected.';

interface SubjectFieldProps {
  session: Session;
  id: string;
  label: string;
  chosen: Signal<Subject | null>;
  /** What is drawn, if nothing is chosen. */
  shown: Subject | null;
  /** Said of the button that takes a choice back; without it, there is none. */
  clear?: string;
}

/** A choice of one gene, or of one column of numbers. */
export function SubjectField({ session, id, label, chosen, shown, clear }: SubjectFieldProps) {
  const { bundle } = session;
  const genes = useGenes(session);
  const columns = useMemo(
    () => [...bundle.columns.keys()].filter((index) => bundle.columns[index].kind === 'number'),
    [bundle],
  );
  const names = useMemo(
    () => genes && [...columns.map((index) => bundle.columns[index].name), ...genes.names],
    [genes],
  );
  const others = useMemo(
    () => genes && [...columns.map(() => 'column'), ...(genes.ids ?? genes.names)],
    [genes],
  );
  return (
    <div class="field">
      <NameField
        id={id}
        label={label}
        things="Genes and columns of numbers"
        names={names}
        others={others}
        current={shown ? subjectName(shown, bundle) : ''}
        placeholder="Search genes and columns"
        none="No exported gene or column of numbers has a name that contains this"
        onChoose={(at, name) =>
          (chosen.value =
            at < columns.length
              ? { by: 'column', index: columns[at] }
              : { by: 'gene', index: at - columns.length, name })
        }
      >
        {clear && chosen.value && (
          <button
            type="button"
            class="clear"
            aria-label={clear}
            title={clear}
            onClick={() => (chosen.value = null)}
          >
            <Icon name="close" />
          </button>
        )}
      </NameField>
    </div>
  );
}

interface GroupingFieldProps {
  session: Session;
  label: string;
  value: Grouping;
  nothing: string;
  /** Columns with more categories are not offered. */
  most?: number;
  onChoose: (grouping: Grouping) => void;
}

/** A choice of what cells are grouped by. */
export function GroupingField({
  session,
  label,
  value,
  nothing,
  most = Infinity,
  onChoose,
}: GroupingFieldProps) {
  const { columns } = session.bundle;
  const offered = useMemo(
    () =>
      [...columns.keys()].filter(
        (index) => isGrouping(columns[index]) && labelsOf(columns[index]).length <= most,
      ),
    [columns],
  );
  const hasGroups = session.groups.list.value.length > 0 || value.by === 'groups';
  const hasSelection = session.selection.count.value > 0 || value.by === 'selection';
  return (
    <label class="field">
      <span>{label}</span>
      <select
        value={value.by === 'column' ? String(value.index) : value.by}
        onChange={({ currentTarget: { value: by } }) =>
          onChoose(
            by === 'nothing' || by === 'groups' || by === 'selection'
              ? { by }
              : { by: 'column', index: Number(by) },
          )
        }
      >
        <option value="nothing">{nothing}</option>
        {offered.map((index) => (
          <option key={index} value={index}>
            {columns[index].name}
          </option>
        ))}
        {hasGroups && <option value="groups">My groups</option>}
        {hasSelection && <option value="selection">Selection and the rest</option>}
      </select>
    </label>
  );
}

/** A choice of one of a few words. */
export function WordField<Word extends string>({
  label,
  words,
  value,
}: {
  label: string;
  words: Readonly<Record<Word, string>>;
  value: Signal<Word>;
}) {
  return (
    <label class="field">
      <span>{label}</span>
      <select value={value.value} onChange={(event) => (value.value = event.currentTarget.value as Word)}>
        {Object.entries<string>(words).map(([word, text]) => (
          <option key={word} value={word}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Says what is being loaded, and shows what fails. */
export function reportTo(session: Session) {
  return (what: string | null, work: () => Promise<void>): Promise<void> =>
    what === null
      ? work().catch((error: unknown) => void (session.problem.value = error))
      : session.during('plot', what, work);
}
