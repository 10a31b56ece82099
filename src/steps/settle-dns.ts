import { randomBytes } from 'node:crypto';
import type { Finding, Judgement } from '../event/event.js';
import { PilabError } from '../errors.js';
import { endpointsOf } from '../model/endpoints.js';
import { nextDns } from '../check/next.js';
import { dnsGateArgv, parseDnsGate, type DnsGateSpec } from '../probe/dns-gate.js';
import { typedDig } from '../probe/equivalent.js';
import { clusterNetwork } from './cluster-network.js';
import type { StepContext } from './context.js';
import { evidence, judgement, unmeasured } from './judgement.js';
import { resolvePlaces } from './places.js';

/** An exec of a gate may outlast its limit by its last try. */
const ROOM_MS = 15_000;

/** What DNS should say of a Service that has no address of its own. */
export type DnsGoal = Pick<DnsGateSpec, 'type' | 'wanted'>;

/**
 * A headless Service or an ExternalName is nothing but DNS: it has settled when every replica of CoreDNS answers with what
 * the live objects say. Each replica is asked at its own address, since the DNS Service would choose one of them.
 */
export async function dnsSettled(
  service: string,
  { type, wanted }: DnsGoal,
  limitMs: number,
  context: StepContext,
): Promise<Judgement> {
  const startedAt = performance.now();
  const { namespace, signal, places, emit, info } = context;
  const { domain } = await clusterNetwork(context.cluster, signal);
  const name = `${service}.${namespace}.svc.${domain}.`;
  const subject = `${type} ${name}`;
  try {
    const servers = await dnsServers(context);
    const [place] = await resolvePlaces('pod', places, signal);
    if (place === undefined) throw new PilabError({ code: 'PROBE_NO_NODE', message: 'no ready node', exitCode: 3 });
    const nonce = randomBytes(8).toString('hex');
    const argv = dnsGateArgv({ name, type, wanted, servers, limitMs }, nonce);
    const result = await place.exec(argv, { signal, timeoutMs: limitMs + ROOM_MS });
    const seen = parseDnsGate(nonce, result.stdout);
    if (seen.kind === 'unmeasured') throw new PilabError({ code: 'PROBE_CUT', message: seen.reason, exitCode: 3 });
    const ms = Math.round(performance.now() - startedAt);
    if (seen.reached) emit({ type: 'measured', step: info.id, what: `dns ${place.label}`, value: ms, unit: 'ms' });
    const finding: Finding = {
      what: 'dns',
      expected: `${servers.length} DNS servers answer ${wanted.join(', ') || 'nothing'} within ${Math.round(limitMs / 1000)} s`,
      observed: seen.reached ? `after ${ms} ms` : `${seen.tries} tries, the last one: ${seen.last}`,
      verdict: seen.reached ? 'passed' : 'failed',
      ...(seen.reached ? {} : { why: WHY }),
    };
    return judgement({
      verdict: finding.verdict,
      place: place.label,
      subject,
      startedAt,
      findings: [finding],
      evidence: [evidence(place.label, typedDig({ name, type }, place), result.stdout.replaceAll(nonce, '#'))],
      next: nextDns({ namespace }),
    });
  } catch (error) {
    return unmeasured(error, { place: 'pod', subject, startedAt, signal });
  }
}

/** CoreDNS' ready replicas, `ADDRESS:PORT`. @throws PilabError `DNS_NO_SERVER` */
async function dnsServers({ cluster, signal }: StepContext): Promise<string[]> {
  const slices = await cluster.list(
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      namespace: 'kube-system',
      labelSelector: 'kubernetes.io/service-name=kube-dns',
    },
    signal,
  );
  const servers = endpointsOf(slices, 'kube-dns').flatMap(({ address, ports }) => {
    const port = ports.find(({ name, protocol }) => name === 'dns' && protocol === 'UDP')?.port;
    return port === undefined ? [] : [`${address}:${port}`];
  });
  if (servers.length > 0) return servers;
  throw new PilabError({
    code: 'DNS_NO_SERVER',
    message: 'the cluster has no DNS server that is ready',
    hint: 'kubectl -n kube-system get pods -l k8s-app=kube-dns -o wide',
    exitCode: 3,
  });
}

const WHY = {
  en: 'A DNS server does not say what the live objects say: CoreDNS has lost its watch on the API server, or is configured otherwise.',
  ja: 'DNS サーバの答えが現在のオブジェクトと異なります。CoreDNS が API サーバの変更を受け取れていないか、設定が異なります。',
};
