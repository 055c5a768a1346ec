import type { ComponentChildren } from 'preact';
import { Icon } from '../../ui/widgets/icons';
import { moved } from '../model/values';

interface OrderedProps {
  label: string;
  names: readonly string[];
  onChange: (names: readonly string[]) => void;
  /** What people call an entry, if not by its name. */
  called?: (name: string) => string;
  show?: (name: string) => ComponentChildren;
}

/** A list in an order that buttons change; each entry can be left out. */
export function Ordered({ label, names, onChange, called = (name) => name, show = called }: OrderedProps) {
  return (
    <ol class="order" aria-label={label}>
      {names.map((name, index) => (
        <li key={name}>
          <span class="name" title={name}>
            {show(name)}
          </span>
          <button
            type="button"
            aria-label={`Move ${called(name)} up`}
            disabled={index === 0}
            onClick={() => onChange(moved(names, index, -1))}
          >
            ↑
          </button>
          <button
            type="button"
            aria-label={`Move ${called(name)} down`}
            disabled={index === names.length - 1}
            onClick={() => onChange(moved(names, index, 1))}
          >
            ↓
          </button>
          <button
            type="button"
            aria-label={`Leave ${called(name)} out`}
            onClick={() => onChange(names.filter((each) => each !== name))}
          >
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ol>
  );
}
