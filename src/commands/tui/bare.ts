import { parseArgs } from 'node:util';
import { LANGUAGES, type Language } from '../../text.js';
import { elsewhere } from '../lab-option.js';
import { canShowTui, openTui } from './open.js';

/** Playbooks at once, as with `pilab verify`. */
const JOBS = 3;

/** What `pilab` without a verb may be given. */
export interface BareOptions {
  readonly lab: string;
  readonly lang?: Language;
}

/** Options of `pilab` without a verb; undefined: there is a verb, or something that only the whole command line knows. */
export function bareOptions(argv: readonly string[]): BareOptions | undefined {
  try {
    const { values } = parseArgs({ args: [...argv], options: { lab: { type: 'string' }, lang: { type: 'string' } } });
    const lang = LANGUAGES.find((each) => each === values.lang);
    if (values.lang !== undefined && lang === undefined) return undefined;
    return { lab: values.lab ?? 'lab.yaml', ...(lang === undefined ? {} : { lang }) };
  } catch {
    return undefined;
  }
}

/** Opens the terminal UI where there is a terminal. @returns its exit code; undefined: there is none */
export async function openBare(options: BareOptions): Promise<number | undefined> {
  if (!canShowTui()) return undefined;
  return (await elsewhere(options.lab)) ?? openTui({ ...options, playbooks: [], jobs: JOBS });
}
