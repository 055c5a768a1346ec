import { soughtField } from './state';

/** Scrolls to a field and focuses it, even if it is in a collapsed section. */
export function goTo(name: string): void {
  soughtField.value = name;
  // After the section has opened.
  requestAnimationFrame(() => requestAnimationFrame(() => focus(name)));
}

function focus(name: string): void {
  soughtField.value = '';
  const found = document.getElementById(`field-${name}`) ?? document.getElementById(`${name}-problem`);
  found?.scrollIntoView({ block: 'center' });
  found?.focus();
}
