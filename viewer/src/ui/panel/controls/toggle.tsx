import type { ComponentChildren } from 'preact';
import type { Signal } from '@preact/signals';

interface ToggleProps {
  label: ComponentChildren;
  value: Signal<boolean>;
  /** Called with the user's choice. */
  onChosen?: (value: boolean) => void;
}

export function Toggle({ label, value, onChosen }: ToggleProps) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={value.value}
        onChange={(event) => {
          value.value = event.currentTarget.checked;
          onChosen?.(value.peek());
        }}
      />
      <span>{label}</span>
    </label>
  );
}
