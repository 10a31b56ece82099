import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseManifest } from '../../dist/playbook/manifest.js';
import { gateArgv, parseGate } from '../../dist/probe/gate.js';
import { ProbePods } from '../../dist/steps/probe-pods.js';
import { IMAGE, MANIFESTS } from './rack.mjs';

/** Three web servers behind a ClusterIP in a namespace of their own; gives the Service's URL once it really answers. */
export async function deploySample(cluster, { namespace, labels, node, signal }) {
  await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } }, { signal });
  for (const file of ['sample-deployment.yaml', 'sample-clusterip.yaml']) {
    const { documents } = parseManifest(file, await readFile(join(MANIFESTS, file), 'utf8'));
    for (const document of documents) {
      await cluster.apply({ ...document, metadata: { ...document.metadata, namespace } }, { signal });
    }
  }
  const backends = await cluster.waitFor(
    { apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: 'app=sample-app' },
    (pods) => (pods.length === 3 && pods.every(isReady) ? pods.map(({ metadata }) => metadata.name) : undefined),
    { timeoutMs: 90_000, signal },
  );
  const service = { apiVersion: 'v1', kind: 'Service', namespace, name: 'sample-clusterip' };
  const url = `http://${(await cluster.get(service, signal)).spec.clusterIP}:8080/`;
  await serving(cluster, { namespace, labels, node, signal, url, backends });
  return url;
}

function isReady({ status }) {
  return status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
}

/** Ready pods are not enough: the node's rules follow up to a second later. */
async function serving(cluster, { namespace, labels, node, signal, url, backends }) {
  const { pod } = await new ProbePods(cluster, IMAGE, labels).get(namespace, node, signal);
  const nonce = randomBytes(8).toString('hex');
  const argv = gateArgv({ url, goal: 'serving', limitMs: 20_000, backends }, nonce);
  const { stdout } = await cluster.exec({ namespace, pod }, argv, { signal, timeoutMs: 40_000 });
  const gate = parseGate(nonce, 'serving', stdout);
  if (gate.kind !== 'gate' || !gate.reached) throw new Error(`${url} does not serve: ${gate.last ?? gate.reason}`);
  await cluster.delete({ apiVersion: 'v1', kind: 'Pod', namespace, name: pod }, { signal });
  await cluster.waitFor(
    { apiVersion: 'v1', kind: 'Pod', namespace, fieldSelector: `metadata.name=${pod}` },
    (found) => (found.length === 0 ? true : undefined),
    { timeoutMs: 30_000, signal },
  );
}
