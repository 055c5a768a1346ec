import { Icon } from './icons';
import { nextTheme, theme } from './page/theme';

/** From the system's colours to light to dark and round again. */
export function ThemeButton() {
  const label = `Theme: ${theme.value}`;
  return (
    <button type="button" class="button square theme" aria-label={label} title={label} onClick={nextTheme}>
      <Icon name={theme.value} />
    </button>
  );
}
