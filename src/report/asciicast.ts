/** The terminal of a recording. */
export interface CastTerm {
  readonly cols: number;
  readonly rows: number;
  /** `TERM`. */
  readonly type?: string;
}

/** What happened: output, a marker, a new size, the exit status. */
export type CastEvent =
  | { readonly code: 'o'; readonly text: string }
  | { readonly code: 'm'; readonly label: string }
  | { readonly code: 'r'; readonly cols: number; readonly rows: number }
  | { readonly code: 'x'; readonly status: number };

/** First line of an asciicast v3 (docs.asciinema.org/manual/asciicast/v3). @param timestamp Unix time in seconds */
export function castHeader(term: CastTerm, timestamp: number, title: string): string {
  return `${JSON.stringify({ version: 3, term, timestamp, title })}\n`;
}

/** An event line. @param ms milliseconds since the line before: v3 counts intervals, in seconds */
export function castLine(ms: number, event: CastEvent): string {
  return `${JSON.stringify([ms / 1000, event.code, dataOf(event)])}\n`;
}

function dataOf(event: CastEvent): string {
  switch (event.code) {
    case 'o':
      // A terminal's driver puts the CR before each LF; players know only the terminal.
      return event.text.replaceAll(/\r?\n/g, '\r\n');
    case 'm':
      return event.label;
    case 'r':
      return `${event.cols}x${event.rows}`;
    case 'x':
      return String(event.status);
  }
}
