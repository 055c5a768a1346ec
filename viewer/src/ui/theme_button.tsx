import { Icon } from './icons';
import { nextTheme, theme } from './page/theme';

/** From the system's colours to light to dark and round again. */
export function ThemeButton() {
  const label = `Colours of the page: ${theme.value}`;
  return (
    <button type="button" class="button square" aria-label={label} title={label} onClick={nextTheme}>
      <Icon name={theme.value} />
    </button>
  );
}
