import { mayFail, typedCommandOf } from '../plan/typed.js';
import { takesValues } from '../playbook/manifest.js';
import { parseTemplate } from '../playbook/reference.js';
import type { FieldMatcher, Playbook, Step, StepOf } from '../playbook/schema.js';
import { typedCurl } from '../probe/equivalent.js';
import { quote, quoteWord } from '../quote.js';
import type { Lab } from '../lab/lab.js';
import { operations } from './edit.js';
import { placeOf, type ScriptPlace } from './place.js';
import { assign, itemLines, podsOf, readingOf, savedVariable } from './readings.js';
import type { References } from './references.js';

/** What the commands of a step are made from. */
export interface ScriptContext {
  readonly playbook: Playbook;
  readonly references: References;
  readonly lab: Lab | undefined;
  /** Manifest file → where it lies, for those that are not in the folder of manifests. */
  readonly elsewhere: ReadonlyMap<string, string>;
  /** Notes a place, so that its probe pods are made beforehand. */
  readonly visit: (place: ScriptPlace) => void;
}

/** After a command whose failure leaves the rest without ground; resp. one whose failure may be the lesson. */
const [OR_END, OR_TELL] = ['|| exit 1', '|| echo "exit status $?"'];
/** A person waits longer than kubectl does by itself. */
const WAIT = '--timeout=120s';

/** The commands of a step, ready for a shell: the typed ones (`plan/typed.ts`), with what a script needs around them. */
export function stepLines(step: Step, context: ScriptContext): string[] {
  const { references } = context;
  const lines = drafted(step, context);
  // Reading comes before what uses it; making the drafts has told what that is.
  return [...references.readNow(), ...lines].map((line) => references.expand(line));
}

function drafted(step: Step, context: ScriptContext): string[] {
  const { references } = context;
  switch (step.kind) {
    case 'apply': {
      const { set, ...rest } = { ...step, apply: step.apply.map((file) => located(file, context)) };
      if (set === undefined) return [`${typedCommandOf(rest)} ${OR_END}`];
      return [`${edited(step.apply[0] ?? '', set, typedCommandOf({ ...rest, apply: ['-'] }), context)} ${OR_END}`];
    }
    case 'delete':
      return deleted(step, context);
    case 'scale':
      return [`${typedCommandOf(references.all(step))} ${OR_END}`];
    case 'patch': {
      const patch = {
        ...step,
        patch: references.text(step.patch),
        with: references.json(step.with) as typeof step.with,
      };
      return [`${typedCommandOf(patch)} ${OR_END}`];
    }
    case 'wait':
      return waited(step, context);
    case 'pause':
      return [typedCommandOf(step)];
    case 'save':
      return Object.entries(step.values).flatMap(([key, text]) => {
        const variable = savedVariable(step.save, key);
        return [saved(variable, text, context), `echo "${variable}: $${variable}"`];
      });
    case 'probe':
      return probed(step, context);
    case 'check':
      return [`${typedCommandOf(references.all(step))} ${OR_TELL}`];
    case 'try':
      return [`${tried(step, context)} ${OR_TELL}`];
  }
}

function located(file: string, { elsewhere }: ScriptContext): string {
  return elsewhere.get(file) ?? file;
}

/** The manifest with values put into it, piped into `command`. Documents that take no values come first, as they are. */
function edited(file: string, set: Readonly<Record<string, unknown>>, command: string, context: ScriptContext): string {
  const documents = context.playbook.manifests.get(file) ?? [];
  const path = located(file, context);
  // The function that works in the exercise's namespace would contradict a manifest that names another one.
  const kubectl = Object.hasOwn(set, 'metadata.namespace') ? `command ${command}` : command;
  const lines = documents.map((document, index) => {
    const part = documents.length === 1 ? undefined : quote(['nth_document', String(index), path]);
    if (!takesValues(document, documents)) return part === undefined ? kubectl : `${part} | ${kubectl}`;
    const patch = operations(document, context.references.json(set) as Record<string, unknown>);
    const words = ['kubectl', 'patch', '--local', '-f', part === undefined ? path : '-', '--type=json'];
    const filled = `${quote([...words, '-p', JSON.stringify(patch), '-o', 'yaml'])} | ${kubectl}`;
    return part === undefined ? filled : `${part} | ${filled}`;
  });
  return lines.join(' &&\n  ');
}

function tried(step: StepOf<'try'>, context: ScriptContext): string {
  const { references } = context;
  const { set, ...rest } = step;
  if (step.patch !== undefined) {
    const changes = references.json(step.with ?? {}) as NonNullable<typeof step.with>;
    return typedCommandOf({ ...rest, patch: references.text(step.patch), with: changes });
  }
  const key = step.create === undefined ? 'apply' : 'create';
  const file = step.apply ?? step.create ?? '';
  if (set === undefined) return typedCommandOf({ ...rest, [key]: located(file, context) });
  return edited(file, set, typedCommandOf({ ...rest, [key]: '-' }), context);
}

/** `pod/LABEL=VALUE` is one pod, the first. */
function deleted(step: StepOf<'delete'>, { references }: ScriptContext): string[] {
  const before: string[] = [];
  const names = step.delete.map((name) => {
    if (!name.includes('=')) return references.text(name);
    const [kind = '', ...selector] = name.split('/');
    before.push(assign('pod', `${podsOf(selector.join('/'))} -o 'jsonpath={.items[0].metadata.name}'`));
    return `${kind}/${references.placeholders.add('${pod}')}`;
  });
  return [...before, `${typedCommandOf({ ...step, delete: names })} ${OR_END}`];
}

function saved(variable: string, text: string, { references, lab }: ScriptContext): string {
  const [only, second] = parseTemplate(text);
  if (only === undefined || typeof only === 'string' || second !== undefined) {
    return `${variable}=${quoteWord(references.text(text))}`;
  }
  const reading = readingOf(only, lab);
  const [line] = reading.lines;
  // What is read now goes straight into the variable that keeps it.
  if (line !== undefined && !reading.once) return line.replace(`${reading.variable}=`, `${variable}=`);
  return `${variable}=$${references.use(only).variable}`;
}

function waited(step: StepOf<'wait'>, context: ScriptContext): string[] {
  const { references } = context;
  const object = references.text(step.wait);
  if (step.at !== undefined) {
    const place = visited(step.from ?? 'operator', context);
    const ask = typedCurl(
      { urls: [references.text(step.at)], headers: references.all(step.headers), connectTimeoutMs: 4000, fail: true },
      place.from,
    );
    return oneByOne(place, `until_ok ${ask} ${OR_END}`);
  }
  if (step.until !== undefined) {
    return Object.entries(step.until).map(([path, matcher]) => {
      const value = exact(matcher);
      const words = [
        'until_ok',
        'field_is',
        object,
        `{.${path}}`,
        ...(value === undefined ? [] : [references.text(value)]),
      ];
      return `${quote(words)} ${OR_END}`;
    });
  }
  if (step.is === 'ready' || step.is === 'gone') {
    return [`${typedCommandOf({ ...step, wait: object })} ${WAIT} ${OR_END}`];
  }
  // Asked from every node when some step will; making the place known is what makes the probe pods.
  visited(context.playbook.steps.some(fromNodes) ? 'pod@all' : 'pod', context);
  const service = object.slice(object.indexOf('/') + 1);
  return [`${quote(['until_ok', step.is === 'empty' ? 'refuses' : 'serves', service])} ${OR_END}`];
}

/** A probe that may start or come in at any node. */
function fromNodes(step: Step): boolean {
  return step.kind === 'probe' && /^(host@|pod@|operator)/.test(step.from);
}

/** The value that the matcher wants, if it is one. */
function exact(matcher: FieldMatcher): string | undefined {
  const value = typeof matcher === 'object' && matcher !== null ? matcher.equals : matcher;
  return value === undefined || value === null ? undefined : String(value);
}

function visited(from: string, context: ScriptContext): ScriptPlace {
  const place = placeOf(from, context.references);
  context.visit(place);
  return place;
}

function probed(step: StepOf<'probe'>, context: ScriptContext): string[] {
  const { references, lab } = context;
  const place = visited(step.from, context);
  // The list itself is read by the loop.
  const subject =
    step.tool === 'run'
      ? { ...step.subject, run: references.words(step.subject.run) }
      : references.all({ ...step.subject, each: undefined });
  // TypeScript loses which tool the subject belongs to.
  const filled = { ...step, subject } as StepOf<'probe'>;
  const many = step.tool === 'curl' && (step.subject.times ?? 1) > 3 && !mayFail(step.expect);
  // What is expected names no references yet, and says of which Service the rules are shown.
  const typed = typedCommandOf(filled, () => place.from).replaceAll('${namespace}', () =>
    references.text('${namespace}'),
  );
  const command = again(`${typed} ${many ? '| count_answers' : OR_TELL}`, step.within);
  const list = step.tool === 'run' ? undefined : step.subject.each;
  const [items] = list === undefined ? [] : parseTemplate(list);
  const around = step.tool === 'curl' && step.subject.pause !== undefined ? together : oneByOne;
  if (items === undefined || typeof items === 'string') return around(place, command);
  const lines = itemLines(items, lab);
  const loop = 'while read -r each_ip each_name each_node; do';
  if (lines !== undefined) return around(place, `${lines} |`, loop, command, 'done');
  return around(place, `for each_ip in $${references.use(items).variable}; do`, command, 'done');
}

/** For what needs a moment: three looks, so that a person sees it change. */
function again(command: string, withinMs: number | undefined): string {
  if (withinMs === undefined) return command;
  const half = Math.max(1, Math.round(withinMs / 2000));
  return [`for idle in 0 ${half} ${half}; do`, 'sleep "$idle"', command, 'done'].join('\n');
}

/** A command at each place, one after the other. */
function oneByOne({ before, loop }: ScriptPlace, ...lines: string[]): string[] {
  if (loop === undefined) return [...before, ...lines];
  const [, variable = ''] = loop.split(' ');
  return [...before, `${loop}; do`, `say_where "$${variable}"`, ...lines, 'done'];
}

/** At all places at once, where each takes its time. */
function together(place: ScriptPlace, ...lines: string[]): string[] {
  const { before, loop } = place;
  if (loop === undefined) return oneByOne(place, ...lines);
  const [, variable = ''] = loop.split(' ');
  return [
    ...before,
    `${loop}; do`,
    '{ seen=$(',
    ...lines,
    `); say_where "$${variable}
$seen"; } &`,
    'done',
    'wait',
  ];
}
