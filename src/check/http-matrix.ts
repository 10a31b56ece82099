import type { Finding, Judgement, Spread } from '../event/event.js';
import type { HttpExpectation } from '../playbook/schema.js';
import type { Request } from '../probe/observation.js';
import { entryNode } from './client-address.js';
import type { HttpContext } from './http.js';
import { EXPECTED, judgeSpread, type SpreadMode } from './http-spread.js';
import { undecided } from './judged.js';

/** A ready pod behind a Service, and its node. */
export interface Backend {
  readonly name: string;
  readonly node: string;
}

/** What was found of the spread: of one URL, or of each URL where several were asked (`each`). */
export interface SpreadFound {
  readonly findings: readonly Finding[];
  readonly spread?: Spread;
  readonly matrix?: NonNullable<Judgement['matrix']>;
  /** The first URL whose spread is not as it should be. */
  readonly badUrl?: string | undefined;
}

/**
 * Who answered, set beside who should have, for every URL of its own: each entry of a cluster balances for itself.
 * @param made Every request that was made, answered or not.
 */
export function spreadFindings(
  { spread: mode, on }: HttpExpectation,
  answered: readonly Request[],
  context: HttpContext,
  made: readonly Request[] = answered,
): SpreadFound {
  if (mode === undefined) return { findings: [] };
  const judge = (url: string, requests: readonly Request[]): ReturnType<typeof judgeSpread> => {
    // Whoever answers without the sample's line counts as a stranger; passing over it would hide it.
    const pods = requests.map(({ answer }) => answer?.from ?? '(no pod name)');
    return judgeSpread(mode, pods, backendsOn(on, url, context));
  };
  if (context.entries === undefined) {
    const url = answered[0]?.url ?? '';
    const only = judge(url, answered);
    return { ...only, badUrl: only.findings.some(isBad) ? url : undefined };
  }
  const rows = [...context.entries].map(([url, name]) => {
    const at = (requests: readonly Request[]): Request[] => requests.filter((request) => request.url === url);
    // Time that ran out at another entry says nothing of this one.
    const judged = at(made).length === 0 ? { findings: [notAsked(mode)] } : judge(url, at(answered));
    return { url, entry: name, ...judged };
  });
  return {
    findings: joined(rows),
    badUrl: rows.find(({ findings }) => findings.some(({ verdict }) => verdict === 'failed'))?.url,
    matrix: rows.flatMap(({ entry, ...row }) =>
      'spread' in row && row.spread !== undefined ? [{ entry, spread: row.spread }] : [],
    ),
  };
}

function notAsked(mode: SpreadMode): Finding {
  return undecided('spread', EXPECTED[mode], 'not asked, the time was up');
}

function isBad({ verdict }: Finding): boolean {
  return verdict !== 'passed';
}

/** The names of the pods that may answer there; undefined where nobody knows the pods. */
function backendsOn(on: string | undefined, url: string, context: HttpContext): readonly string[] | undefined {
  const { backends, nodes = [] } = context;
  const names = (of: readonly Backend[]): string[] => of.map(({ name }) => name);
  if (on === undefined || backends === undefined) return backends === undefined ? undefined : names(backends);
  const node = on === 'entry' ? entryNode(url, nodes)?.name : on === 'probe' ? context.node : on;
  return names(backends.filter((backend) => backend.node === node));
}

/** Where all entries are well, one finding for all of them; else one for each that is not, with its name. */
function joined(rows: readonly { readonly entry: string; readonly findings: readonly Finding[] }[]): Finding[] {
  const all = rows.flatMap(({ entry, findings }) => findings.map((finding) => ({ entry, finding })));
  const bad = all.filter(({ finding }) => isBad(finding));
  if (bad.length > 0) {
    return bad.map(({ entry, finding }) => ({
      ...finding,
      expected: `at ${entry}: ${finding.expected}`,
      observed: `at ${entry}: ${finding.observed}`,
    }));
  }
  const whats = [...new Set(all.map(({ finding }) => finding.what))];
  return whats.map((what) => ({
    what,
    expected: `at each of ${rows.length}`,
    observed: `at ${rows.map(({ entry }) => entry).join(', ')}`,
    verdict: 'passed',
  }));
}
