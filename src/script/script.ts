import { quoteWord } from '../quote.js';
import { PilabError } from '../errors.js';
import type { Lab } from '../lab/lab.js';
import { claimsOf } from '../plan/plan.js';
import { defaultTitle } from '../plan/title.js';
import type { Playbook, Step } from '../playbook/schema.js';
import type { Language } from '../text.js';
import { probeFunction, sshFunction } from './preamble.js';
import { functionsFor } from './shell-functions.js';
import type { ScriptPlace } from './place.js';
import { References } from './references.js';
import { comment } from './shell.js';
import { stepLines } from './steps.js';
import { conditionOf } from './when.js';
import { SCRIPT_WORDS, type ScriptWords } from './words.js';

/** What a script is made from, besides the playbook. */
export interface ScriptOptions {
  readonly lang: Language;
  /** Folder of the manifests, absolute. */
  readonly manifests: string;
  /** Manifest file → absolute path, for those that lie elsewhere. */
  readonly elsewhere: ReadonlyMap<string, string>;
  /** Image of the probe pods. */
  readonly probeImage: string;
  /** Hosts, pools and servers that the script shall know. @default asks kubectl, or the person by variables */
  readonly lab?: Lab | undefined;
}

/**
 * The whole playbook as a POSIX shell script that a learner can run by hand, or read line by line. The commands are those
 * that pilab shows for each step; waits, loops over places and values are the shell's.
 * @throws PilabError `SCRIPT_NUL`: a text holds a character that no script can
 */
export function scriptOf(playbook: Playbook, options: ScriptOptions): string {
  const { lang, lab } = options;
  const words = SCRIPT_WORDS[lang];
  const references = new References(lab);
  const places: ScriptPlace[] = [];
  const context = {
    playbook,
    references,
    lab,
    elsewhere: options.elsewhere,
    visit: (place: ScriptPlace): void => void places.push(place),
  };
  const facts = new Set<string>();
  const steps = playbook.steps.flatMap((step, index) => {
    const { lines, reads } = guarded(step, stepLines(step, context), references, words);
    for (const line of reads) facts.add(line);
    return ['', ...told(step, `${index + 1}. ${oneLine((step.title ?? defaultTitle(step))[lang])}`, lang), ...lines];
  });
  const values = [...facts, ...references.readOnce()];
  const hosts = places.some(({ from }) => from.kind === 'host');
  const setUp = [
    '',
    ...comment(words.namespace),
    ...namespaces(playbook, places, lab),
    ...probePods(places, options, words),
    ...(values.length === 0 ? [] : ['', ...comment(words.values), ...values]),
    ...(hosts ? ['', ...comment(words.hosts), ...sshFunction(lab)] : []),
  ];
  const lines = [
    ...head(playbook, options, words),
    ...functionsFor([...setUp, ...steps]),
    ...HEADLINE,
    ...setUp,
    ...steps,
    '',
    `step ${quoteWord(words.done)}`,
    '',
  ];
  const script = lines.join('\n');
  if (!script.includes('\0')) return script;
  throw new PilabError({
    code: 'SCRIPT_NUL',
    message: `${playbook.file}: a text holds a NUL character, which no script can`,
  });
}

function head(playbook: Playbook, { lang, manifests }: ScriptOptions, words: ScriptWords): string[] {
  const { name, title, about } = playbook;
  return [
    '#!/bin/sh',
    ...comment(title[lang]),
    ...(about === undefined ? [] : comment(about[lang])),
    '#',
    ...words.header(name).flatMap(comment),
    '#',
    // What is in single quotes is for another shell, or for kubectl; lists are split, not each variable is used, and ssh is a
    // function that reads nothing.
    '# shellcheck disable=SC1003,SC2016,SC2034,SC2046,SC2086,SC2095',
    'set -u',
    `MANIFESTS=\${MANIFESTS:-${quoteWord(manifests)}}`,
    `NS=\${NS:-${quoteWord(`hands-on-${name}`)}}`,
    'cd "$MANIFESTS" || exit 1',
    '',
    'kubectl() {',
    '  command kubectl -n "$NS" "$@"',
    '}',
    '',
  ];
}

/** Tells where one is, while the script runs. */
const HEADLINE = ['step() {', '  printf \'\\n== %s\\n\' "$1"', '}'];

function namespaces(playbook: Playbook, places: readonly ScriptPlace[], lab: Lab | undefined): string[] {
  const neighbour =
    places.some((place) => place.neighbour === true) || JSON.stringify(playbook.steps).includes('${neighbour}');
  const certificates = JSON.stringify(playbook.steps).includes('${certificate/');
  const all = neighbour ? '"$NS" "$NEIGHBOUR"' : '"$NS"';
  return [
    ...(neighbour ? ['NEIGHBOUR=$NS-b'] : []),
    ...(certificates ? ['WORK=$(mktemp -d) || exit 1'] : []),
    'command kubectl create namespace "$NS" || exit 1',
    'clean_up() {',
    ...(certificates ? ['  rm -rf "$WORK"'] : []),
    `  command kubectl delete namespace ${all} --ignore-not-found`,
    '}',
    'trap clean_up EXIT',
    "trap 'exit 130' INT",
    "trap 'exit 143' TERM",
    ...(neighbour ? ['command kubectl create namespace "$NEIGHBOUR" || exit 1'] : []),
    ...(lab === undefined || Object.keys(lab.images).length === 0
      ? []
      : comment('The lab file replaces images; the manifests here keep theirs.')),
  ];
}

/** The probe pods of all places, each once. */
function probePods(places: readonly ScriptPlace[], { probeImage }: ScriptOptions, words: ScriptWords): string[] {
  const own = places.filter((place) => place.probes !== undefined && place.neighbour !== true);
  const lists = [...new Set(own.map((place) => place.probes))];
  const neighbour = places.some((place) => place.neighbour === true);
  const all = [...lists, ...(neighbour ? ['$WORKER'] : [])].join(' ');
  if (all === '') return [];
  // Every node has one: then a list of some of them adds nothing.
  const nodes = lists.includes('$NODES')
    ? ['$NODES']
    : lists.includes('$WORKERS')
      ? lists.filter((list) => list !== '$WORKER')
      : lists;
  return [
    '',
    ...comment(words.probes),
    ...probeFunction(probeImage),
    "NODES=$(value kubectl get nodes -o 'jsonpath={.items[*].metadata.name}') || exit 1",
    "WORKERS=$(kubectl get nodes -l '!node-role.kubernetes.io/control-plane' -o 'jsonpath={.items[*].metadata.name}')",
    'WORKERS=${WORKERS:-$NODES}',
    'WORKER=${WORKERS%% *}',
    ...(nodes.length === 0
      ? []
      : [`for node in ${nodes.join(' ')}; do`, '  start_probe "$NS" "$node" || exit 1', 'done']),
    ...(neighbour ? ['start_probe "$NEIGHBOUR" "$WORKER" || exit 1'] : []),
  ];
}

/** A headline is printed while the script runs: no line ends, no control characters. */
function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ');
}

/** Headline, narration and expectation. */
function told(step: Step, headline: string, lang: Language): string[] {
  const words = SCRIPT_WORDS[lang];
  const claims = claimsOf(step);
  return [
    ...comment(`---- ${headline}${claims.length === 0 ? '' : `  [${claims.join(' ')}]`}`),
    ...(step.say === undefined ? [] : comment(step.say[lang])),
    ...Object.entries(expected(step)).flatMap(([key, value]) => comment(`${words.expect}: ${key}: ${inWords(value)}`)),
    `step ${quoteWord(headline)}`,
  ];
}

function expected(step: Step): Readonly<Record<string, unknown>> {
  switch (step.kind) {
    case 'probe':
    case 'try':
      return step.expect;
    case 'check': {
      const { endpoints = {}, fields = {}, object, exists, objects, events, podNetwork, newAddresses } = step;
      const rest = { object, exists, objects, events, podNetwork, newAddresses };
      const told = { ...endpoints, ...rest, ...fields };
      return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
    }
    case 'wait':
      return step.until ?? {};
    default:
      return {};
  }
}

function inWords(value: unknown): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) && value.every((item) => typeof item === 'string') && value.length > 0
    ? value.join(', ')
    : JSON.stringify(value);
}

/** Steps for some clusters only: the script looks whether this is one, and says so when it is not. */
function guarded({ when }: Step, lines: readonly string[], references: References, words: ScriptWords): Guarded {
  if (when === undefined) return { lines, reads: [] };
  const { test, reads } = conditionOf(when, references);
  const wanted = Object.entries(when).map(([key, value]) => `${key} ${[value].flat().join(', ')}`);
  const otherwise = `echo ${quoteWord(words.onlyWhere(wanted.join('; ')))}`;
  return { lines: [`if ${test}; then`, ...lines, 'else', otherwise, 'fi'], reads };
}

/** The lines of a step, and those before the first step that it needs. */
interface Guarded {
  readonly lines: readonly string[];
  readonly reads: readonly string[];
}
