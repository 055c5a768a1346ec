import { soughtField } from './state';

/** Scrolls to a field and puts the cursor into it, also where it is folded away. */
export function goTo(name: string): void {
  soughtField.value = name;
  // After the fold has opened.
  requestAnimationFrame(() => requestAnimationFrame(() => focus(name)));
}

function focus(name: string): void {
  soughtField.value = '';
  const found = document.getElementById(`field-${name}`) ?? document.getElementById(`${name}-problem`);
  found?.scrollIntoView({ block: 'center' });
  found?.focus();
}
