import { LANGUAGES, type Language } from '../text.js';

/** The language of the locale, in the order that POSIX gives to its variables; English when pilab does not speak it. */
export function localeLanguage(env: NodeJS.ProcessEnv): Language {
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
  return LANGUAGES.find((language) => locale.startsWith(language)) ?? 'en';
}
