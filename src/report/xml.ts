/** A piece of XML that is already escaped. */
export interface Xml {
  readonly xml: string;
}

/** What XML 1.0 (section 2.2) does not allow, not even as a reference; with `u`, a lone surrogate is one of them. */
const ILLEGAL = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/** Line ends and tabs are normalised away in attributes, and a bare CR everywhere, unless they are references. */
const IN_TEXT: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };
const IN_ATTRIBUTE: Readonly<Record<string, string>> = { ...IN_TEXT, '"': '&quot;', '\n': '&#10;', '\t': '&#9;' };

/** Any string as XML text; characters that XML cannot hold become U+FFFD. */
export function xmlText(text: string): Xml {
  return { xml: escaped(text, IN_TEXT) };
}

/** An element; attributes without a value are left out. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  ...children: readonly (Xml | undefined)[]
): Xml {
  const start = Object.entries(attributes)
    .flatMap(([key, value]) => (value === undefined ? [] : [` ${key}="${escaped(String(value), IN_ATTRIBUTE)}"`]))
    .join('');
  const content = children.map((child) => child?.xml ?? '').join('');
  return { xml: content === '' ? `<${name}${start}/>` : `<${name}${start}>${content}</${name}>` };
}

function escaped(text: string, table: Readonly<Record<string, string>>): string {
  return text.replaceAll(ILLEGAL, '\ufffd').replaceAll(/[&<>"\r\n\t]/g, (character) => table[character] ?? character);
}
