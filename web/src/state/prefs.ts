// Language and colours: as the browser says, until somebody chooses.
import { effect, signal } from '@preact/signals';
import { keep, recall } from './kept.ts';

export type Language = 'en' | 'zh';
export type Theme = 'system' | 'light' | 'dark';

const first = (navigator.languages?.[0] ?? navigator.language ?? 'en').toLowerCase();

export const language = signal<Language>(recall('localStorage', 'language', first.startsWith('zh') ? 'zh' : 'en'));
export const theme = signal<Theme>(recall('localStorage', 'theme', 'system'));

export function switchLanguage(): void {
  language.value = language.value === 'zh' ? 'en' : 'zh';
  keep('localStorage', 'language', language.value);
}

const themes: readonly Theme[] = ['system', 'light', 'dark'];

export function switchTheme(): void {
  theme.value = themes[(themes.indexOf(theme.value) + 1) % themes.length] as Theme;
  keep('localStorage', 'theme', theme.value);
}

/** Keeps the document in step. */
export function followPrefs(): void {
  effect(() => {
    document.documentElement.lang = language.value === 'zh' ? 'zh-Hans' : 'en';
    document.title = language.value === 'zh' ? '鸿雁' : 'Hongyan';
    if (theme.value === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme.value;
  });
}
