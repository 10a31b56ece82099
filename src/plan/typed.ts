import type { HttpExpectation, Step, StepOf } from '../playbook/schema.js';
import { typedCommand, typedCurl, typedDigs, type TypedFrom } from '../probe/equivalent.js';
import { quote } from '../quote.js';

/**
 * The kubectl, curl or dig line that a person would type for a step; references stay as they are.
 * @param place what stands for the place of a probe. @default words such as PROBE and EACH
 */
export function typedCommandOf(step: Step, place: (from: string) => TypedFrom = placeWords): string {
  switch (step.kind) {
    case 'apply':
      return `${kubectl('apply', ...step.apply.flatMap((file) => ['-f', file]))}${edits(step.set)}`;
    case 'delete':
      return kubectl('delete', ...step.delete.flatMap(objectWords));
    case 'scale':
      return kubectl('scale', step.scale, `--replicas=${step.replicas}`);
    case 'patch':
      return kubectl('patch', step.patch, '-p', JSON.stringify(step.with));
    case 'wait':
      return waitWords(step);
    case 'pause':
      return `sleep ${step.pause / 1000}`;
    case 'save':
      // What is kept is read by the steps before and after it; there is nothing to type.
      return '';
    case 'probe':
      return probeWords(step, place(step.from));
    case 'check':
      return checkWords(step);
    case 'try':
      return tryWords(step);
  }
}

/** The same line for somebody whose current namespace is another one. */
export function typedIn(namespace: string, line: string): string {
  return line.replace(/^kubectl (?!-n )/, `kubectl -n ${namespace} `);
}

/** Every word that comes from a file is quoted: a person may paste the line into a shell. */
function kubectl(...words: string[]): string {
  return quote(['kubectl', ...words]);
}

function objectWords(name: string): string[] {
  // A pod by label: kubectl would take all of them, pilab takes one.
  const slash = name.indexOf('/');
  return name.includes('=') ? [name.slice(0, slash), '-l', name.slice(slash + 1)] : [name];
}

function waitWords({ wait, is, until, at, headers }: StepOf<'wait'>): string {
  if (at !== undefined)
    return `until ${typedCurl({ urls: [at], headers, fail: true }, { kind: 'operator' })}; do sleep 1; done`;
  if (is === undefined) {
    const columns = Object.keys(until ?? {}).map((path) => `VALUE:.${path}`);
    return kubectl('get', wait, '-w', '-o', `custom-columns=${columns.join(',')}`);
  }
  const slices = kubectl('get', 'endpointslices', '-l', slicesOf(wait.slice(wait.indexOf('/') + 1)), '-w');
  const ready = wait.startsWith('pod/')
    ? kubectl('wait', '--for=condition=Ready', wait)
    : kubectl('rollout', 'status', wait);
  return { ready, gone: kubectl('wait', '--for=delete', wait), serving: slices, empty: slices }[is];
}

/** The slices of a Service, by label. */
function slicesOf(service: string): string {
  return `kubernetes.io/service-name=${service}`;
}

function probeWords(step: StepOf<'probe'>, from: TypedFrom): string {
  switch (step.tool) {
    case 'curl': {
      const { url, times, keepAlive, headers, connectTimeout, pause, resolve, insecure } = step.subject;
      const { headers: wantedHeaders, certificate } = step.expect;
      const spec = {
        ...{
          urls: [url],
          times,
          keepAlive,
          headers,
          pauseMs: pause,
          resolve,
          insecure,
          connectTimeoutMs: connectTimeout,
        },
        ...{
          tell: mayFail(step.expect),
          withHeaders: wantedHeaders !== undefined,
          certificates: certificate !== undefined,
        },
      };
      return typedCurl(spec, from);
    }
    case 'dig':
      return typedDigs({ ...step.subject, names: [step.subject.name] }, from);
    case 'run':
      return typedRun(step.subject.run, step, from);
  }
}

/** Does the expectation allow that no answer comes? Then a person wants to read why. */
export function mayFail({ outcome = [] }: HttpExpectation): boolean {
  return outcome.some((each) => each !== 'ok');
}

/** A command somewhere. A node has rules for all Services of the cluster, and only those of one are of interest. */
export function typedRun(
  argv: readonly string[],
  { sudo = false, expect }: Pick<Extract<StepOf<'probe'>, { tool: 'run' }>, 'sudo' | 'expect'>,
  from: TypedFrom,
  namespace = '${namespace}',
): string {
  const typed = typedCommand(sudo ? ['sudo', ...argv] : argv, from);
  return expect.rules === undefined
    ? typed
    : `${typed} | ${quote(['grep', `${namespace}/${expect.rules.service}[:/]`])}`;
}

/** Words that stand for a place as long as no cluster is known. */
export function placeWords(from: string): TypedFrom {
  if (from === 'operator') return { kind: 'operator' };
  const host = /^host@(.+)$/.exec(from)?.[1];
  if (host !== undefined) return { kind: 'host', host: host === 'each' ? 'EACH' : host };
  const [place, selector, container] = from.split('/');
  if (place === 'in' || place === 'each') return { kind: 'in', pod: selector, container };
  return { kind: 'pod', pod: 'PROBE', ...(from === 'neighbour' ? { namespace: '${neighbour}' } : {}) };
}

function checkWords(step: StepOf<'check'>): string {
  if (step.endpoints !== undefined) {
    return kubectl('get', 'endpointslices', '-l', slicesOf(step.endpoints.of), '-o', 'wide');
  }
  const elsewhere = step.in === undefined ? [] : ['-n', step.in];
  if (step.object !== undefined) return kubectl(...elsewhere, 'get', step.object, '-o', 'yaml');
  if (step.objects !== undefined) {
    const { kind, labels } = step.objects;
    return kubectl(...elsewhere, 'get', kind, ...(labels === undefined ? [] : ['-l', labels]));
  }
  if (step.events !== undefined) return kubectl('events', '--for', step.events.of);
  if (step.newAddresses !== undefined) return kubectl('get', 'pods', '-l', step.newAddresses.of, '-o', 'wide');
  return 'kubectl get nodes -o custom-columns=NAME:.metadata.name,CIDR:.spec.podCIDR; kubectl get pods -o wide';
}

function tryWords(step: StepOf<'try'>): string {
  const dryRun = step.dryRun === true ? ['--dry-run=server'] : [];
  if (step.patch !== undefined) return kubectl('patch', step.patch, '-p', JSON.stringify(step.with ?? {}), ...dryRun);
  const verb = step.create === undefined ? 'apply' : 'create';
  return `${kubectl(verb, '-f', step.apply ?? step.create ?? '', ...dryRun)}${edits(step.set)}`;
}

/** Values that the person puts into the file first. */
function edits(set: Readonly<Record<string, unknown>> = {}): string {
  const values = Object.entries(set).map(
    ([path, value]) => `${path}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return values.length === 0 ? '' : `   # with ${values.join(', ')}`;
}
