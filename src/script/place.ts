import { parseTemplate } from '../playbook/reference.js';
import type { TypedFrom } from '../probe/equivalent.js';
import type { References } from './references.js';
import { assign, podsOf } from './readings.js';
import { quoteWord } from '../quote.js';

/** Where a command of the script runs. */
export interface ScriptPlace {
  readonly from: TypedFrom;
  /** Lines before the command. */
  readonly before: readonly string[];
  /** The command is repeated: `for node in $WORKERS`. */
  readonly loop?: string;
  /** A list of nodes, in shell words, that need a probe pod; in the neighbour's namespace when that is so. */
  readonly probes?: string;
  readonly neighbour?: true;
}

const PARTS = ['controlPlane', 'workerA', 'workerB'];

/** What `from:` means to a shell; the grammar is in schema.ts. */
export function placeOf(from: string, references: References): ScriptPlace {
  const { placeholders } = references;
  if (from === 'operator') return { from: { kind: 'operator' }, before: [] };
  const [, kind, name] = /^(pod|host)@(.+)$/s.exec(from) ?? [];
  if (kind === 'host' && name !== undefined) {
    if (name === 'each')
      return { from: { kind: 'host', host: placeholders.add('${host}') }, before: [], loop: 'for host in $HOSTS' };
    return { from: { kind: 'host', host: nodeName(name, references) }, before: [] };
  }
  const [place, selector = '', container] = from.split('/');
  if (place === 'in' || place === 'each') {
    const inside = {
      kind: 'in',
      pod: placeholders.add('${pod}'),
      ...(container === undefined ? {} : { container: quoteWord(container) }),
    } as const;
    const names = `${podsOf(selector)} -o 'jsonpath={.items[${place === 'in' ? '0' : '*'}].metadata.name}'`;
    return place === 'in'
      ? { from: inside, before: [assign('pod', names)] }
      : { from: inside, before: [assign('pods', names)], loop: 'for pod in $pods' };
  }
  if (from === 'neighbour') {
    const namespace = placeholders.add('${NEIGHBOUR}');
    return {
      from: { kind: 'pod', namespace, pod: placeholders.add('probe-${WORKER}') },
      before: [],
      probes: '$WORKER',
      neighbour: true,
    };
  }
  const onNode = { kind: 'pod', pod: placeholders.add('probe-${node}') } as const;
  if (name === 'each') return { from: onNode, before: [], loop: 'for node in $WORKERS', probes: '$WORKERS' };
  if (name === 'all') return { from: onNode, before: [], loop: 'for node in $NODES', probes: '$NODES' };
  if (name !== undefined) {
    const node = nodeName(name, references);
    return { from: { kind: 'pod', pod: `probe-${node}` }, before: [], probes: references.expand(node) };
  }
  return { from: { kind: 'pod', pod: placeholders.add('probe-${WORKER}') }, before: [], probes: '$WORKER' };
}

/** A node by its name, or by its part in the cluster. */
function nodeName(name: string, references: References): string {
  if (!PARTS.includes(name)) return quoteWord(name);
  const [reference] = parseTemplate(`\${${name}.name}`);
  if (reference === undefined || typeof reference === 'string') return quoteWord(name);
  return references.placeholders.add(`\${${references.use(reference).variable}}`);
}
