/** The languages that pilab speaks. */
export const LANGUAGES = ['en', 'ja'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A sentence in every language. */
export type Text = Readonly<Record<Language, string>>;

/** A sentence in both languages. */
export function text(en: string, ja: string): Text {
  return { en, ja };
}
