// What a push says where its sender did not say it himself: by language, and by the kind of content. An app's own
// templates come first, then these.
import { isJsonObject } from '../json.ts';
import type { Content } from '../messages/message.ts';

/** Kinds of content that have words of their own; `title` stands above all of them. */
export const templateNames = ['title', 'text', 'image', 'audio', 'video', 'file', 'location', 'custom'] as const;
export type TemplateName = (typeof templateNames)[number];
export type Words = { readonly [Name in TemplateName]?: string };
/** By language tag: `en`, `zh`, `zh-TW`; `default` for everybody else. */
export type Templates = { readonly [language: string]: Words };

const languagesMax = 100;
const templateCharsMax = 500;

const english: Words = {
  text: '{text}',
  image: '[image]',
  audio: '[audio]',
  video: '[video]',
  file: '[file]',
  location: '[location]',
  custom: '[message]',
};
const builtIn: Templates = {
  default: english,
  zh: {
    text: '{text}',
    image: '[图片]',
    audio: '[语音]',
    video: '[视频]',
    file: '[文件]',
    location: '[位置]',
    custom: '[消息]',
  },
};

/** Placeholders of a template. */
export const placeholders = ['text', 'sender', 'group'] as const;
export type Fillings = { readonly [P in (typeof placeholders)[number]]?: string };

/** The app's word for this, else ours; the nearest language wins, then the app's default, then ours. */
export function templateOf(own: Templates | null, name: TemplateName, language: string | null): string | undefined {
  const tags = [...fallbacks(language), 'default'];
  for (const templates of [own ?? {}, builtIn]) {
    for (const tag of tags) {
      const found = wordsOf(templates, tag)?.[name];
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** Puts the fillings in; a placeholder without one leaves nothing behind. */
export const filled = (template: string, fillings: Fillings): string =>
  template.replaceAll(/\{(text|sender|group)\}/g, (_, name: keyof Fillings) => fillings[name] ?? '');

/** Whether any of the app's templates speaks of this. */
export const mentions = (own: Templates | null, placeholder: keyof Fillings): boolean =>
  Object.values(own ?? {}).some((words) => Object.values(words).some((one) => one.includes(`{${placeholder}}`)));

export const kindOf = (content: Content): TemplateName => (content.type === 'recalled' ? 'custom' : content.type);

/** `zh-Hant-TW` → `zh-hant-tw`, `zh-hant`, `zh`. */
function fallbacks(language: string | null): string[] {
  const parts = language?.toLowerCase().replaceAll('_', '-').split('-') ?? [];
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('-'));
}

function wordsOf(templates: Templates, tag: string): Words | undefined {
  const name = Object.keys(templates).find((language) => language.toLowerCase().replaceAll('_', '-') === tag);
  return name === undefined ? undefined : templates[name];
}

/** Throws an Error that says what would fit. */
export function readTemplates(value: unknown): Templates {
  if (!isJsonObject(value)) throw new Error('takes an object of languages, such as {"zh": {"image": "[图片]"}}');
  const languages = Object.entries(value);
  if (languages.length > languagesMax) throw new Error(`takes at most ${languagesMax} languages`);
  for (const [language, words] of languages) {
    if (!/^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$/.test(language))
      throw new Error('takes languages such as en, zh-TW, default');
    if (!isJsonObject(words)) throw new Error('takes for each language an object of texts');
    for (const [name, text] of Object.entries(words)) {
      if (!(templateNames as readonly string[]).includes(name))
        throw new Error(`knows texts for ${templateNames.join(', ')}; not ${name.slice(0, 64)}`);
      if (typeof text !== 'string' || text.length > templateCharsMax)
        throw new Error(`takes texts of at most ${templateCharsMax} characters`);
    }
  }
  return value as Templates;
}
