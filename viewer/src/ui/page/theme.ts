import { computed, effect, signal } from '@preact/signals';

const KEY = 'karospace-theme';
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const system = matchMedia('(prefers-color-scheme: dark)');
const systemIsDark = signal(system.matches);
system.addEventListener('change', () => (systemIsDark.value = system.matches));

export const theme = signal<Theme>(remembered());
export const isDark = computed(() =>
  theme.value === 'system' ? systemIsDark.value : theme.value === 'dark',
);

/** Applies the theme to the document, and keeps the choice across reloads. */
export function applyTheme(): void {
  effect(() => {
    document.documentElement.dataset.theme = isDark.value ? 'dark' : 'light';
  });
  effect(() => {
    try {
      localStorage.setItem(KEY, theme.value);
    } catch {
      // Some file:// pages and private windows deny storage: the choice then lasts as long as the page.
    }
  });
}

export function nextTheme(): void {
  theme.value = THEMES[(THEMES.indexOf(theme.peek()) + 1) % THEMES.length]!;
}

function remembered(): Theme {
  try {
    return THEMES.find((name) => name === localStorage.getItem(KEY)) ?? 'system';
  } catch {
    return 'system';
  }
}
