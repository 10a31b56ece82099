import type { ClusterFacts } from '../event/event.js';
import type { Lab } from '../lab/lab.js';
import type { TypedFrom } from '../probe/equivalent.js';
import { placeWords } from '../plan/typed.js';
import { nodesOf } from './places.js';
import { PROBE_POD_PREFIX } from './probe-pods.js';

/** What stands for a probe's place in a typed command once the cluster is known: the first pod or host that it means. */
export function typedPlace(
  facts: ClusterFacts,
  lab: Pick<Lab, 'hosts'>,
  neighbour: string | undefined,
): (from: string) => TypedFrom {
  return (from) => {
    const words = placeWords(from);
    if (words.kind === 'pod') {
      const node = nodesOf(from, facts)[0];
      const namespace = from === 'neighbour' && neighbour !== undefined ? { namespace: neighbour } : {};
      return { ...words, ...namespace, ...(node === undefined ? {} : { pod: `${PROBE_POD_PREFIX}${node}` }) };
    }
    if (from === 'host@each') return { ...words, host: lab.hosts[0]?.name };
    const node = from.startsWith('host@') ? nodesOf(from.replace('host', 'pod'), facts)[0] : undefined;
    return node === undefined ? words : { ...words, host: node };
  };
}
