import type { Group } from '../../../state/selection/groups';
import { formatCount } from '../../../state/texts/format';
import type { Session } from '../../../state/session';
import { Icon } from '../../widgets/icons';

interface GroupRowProps {
  session: Session;
  group: Group;
  /** Called with the reason if a name is refused, and with null otherwise. */
  onRefused: (why: string | null) => void;
}

/** A group: click its colour or its name to change it. */
export function GroupRow({ session, group, onRefused }: GroupRowProps) {
  const { groups, selection, tools } = session;
  const { name, color, cells } = group;
  return (
    <li>
      <input
        type="color"
        aria-label={`Colour of ${name}`}
        value={color}
        onChange={(event) => groups.change(name, { color: event.currentTarget.value })}
      />
      <input
        type="text"
        aria-label={`Name of ${name}`}
        value={name}
        onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
        onChange={(event) => {
          const wanted = event.currentTarget.value.trim();
          const why = groups.whyNot(wanted, name);
          onRefused(why);
          if (why === null) groups.change(name, { name: wanted });
          else event.currentTarget.value = name;
        }}
      />
      <span class="count">{formatCount(cells.length)}</span>
      <button
        type="button"
        class="text"
        aria-label={`Select ${name}`}
        title="Select its cells (Shift adds, Alt subtracts, both intersect)"
        onClick={(event) => selection.apply(tools.modeFor(event), cells)}
      >
        Select
      </button>
      <button
        type="button"
        class="text remove"
        aria-label={`Delete ${name}`}
        title="Delete the group, not its cells"
        onClick={() => groups.remove(name)}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}
