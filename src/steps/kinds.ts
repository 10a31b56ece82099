import { KINDS, KIND_WORDS } from '../playbook/kinds.js';
import type { ObjectRef } from '../ports/cluster.js';
import { PilabError } from '../errors.js';

/**
 * `service/sample-clusterip` as an object of that namespace (or of none, for cluster-wide kinds).
 * @throws PilabError `STEP_UNKNOWN_KIND`
 */
export function objectRef(name: string, namespace: string): ObjectRef {
  const slash = name.indexOf('/');
  const word = name.slice(0, slash);
  const kind = KINDS[word];
  if (kind === undefined) {
    throw new PilabError({
      code: 'STEP_UNKNOWN_KIND',
      message: `unknown kind "${word}" in ${name}`,
      hint: `known kinds: ${KIND_WORDS.join(', ')}`,
    });
  }
  const { apiVersion, kind: kindName, clusterWide } = kind;
  return { apiVersion, kind: kindName, name: name.slice(slash + 1), ...(clusterWide === true ? {} : { namespace }) };
}
