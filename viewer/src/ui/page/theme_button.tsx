import { Icon } from '../widgets/icons';
import { nextTheme, theme } from './theme';

/** Cycles from the system's theme to light to dark. */
export function ThemeButton() {
  const label = `Theme: ${theme.value}`;
  return (
    <button type="button" class="button square theme" aria-label={label} title={label} onClick={nextTheme}>
      <Icon name={theme.value} />
    </button>
  );
}
