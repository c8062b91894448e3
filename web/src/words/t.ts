import { computed } from '@preact/signals';
import { language } from '../state/prefs.ts';
import { en, type Words } from './en.ts';
import { zh } from './zh.ts';

const words = computed<Words>(() => (language.value === 'zh' ? zh : en));

/** The words of the language that is set; a component that calls it is drawn again when the language changes. */
export const t = (): Words => words.value;
