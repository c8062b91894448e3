import { switchLanguage, switchTheme, theme } from '../../state/prefs.ts';
import { t } from '../../words/t.ts';
import { IconButton } from './button.tsx';

export function Prefs() {
  const icon = ({ system: 'screen', light: 'sun', dark: 'moon' } as const)[theme.value];
  const label = { system: t().themeSystem, light: t().themeLight, dark: t().themeDark }[theme.value];
  return (
    <>
      <IconButton icon={icon} label={label} onClick={switchTheme} />
      <button
        type="button"
        class="icon-button language"
        aria-label={t().switchLanguage}
        title={t().switchLanguage}
        onClick={switchLanguage}
      >
        {t().tag === 'en' ? '中' : 'En'}
      </button>
    </>
  );
}
