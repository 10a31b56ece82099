import type { Finding } from '../event/event.js';
import { endpointsOf, expectedEndpoints, keepersOf, portKey, slicesOf, type Endpoint } from '../model/endpoints.js';
import type { LiveObject } from '../model/object.js';
import type { StepOf } from '../playbook/schema.js';
import { hintsFinding } from './hints.js';
import { few, finding, judged, undecided, type Judged } from './judged.js';
import { nextEndpoints } from './next.js';

/** The `endpoints` of a check step. */
export type EndpointsExpectation = NonNullable<StepOf<'check'>['endpoints']>;

/** The live objects of one namespace. */
export interface EndpointsView {
  readonly service: LiveObject;
  readonly pods: readonly LiveObject[];
  readonly slices: readonly LiveObject[];
  readonly namespace?: string | undefined;
}

const WHY = {
  set: {
    en: 'The endpoints are not the ready pods that the selector matches: labels differ, a pod is not ready, a hand-made slice remains, or the controller has not caught up.',
    ja: 'エンドポイントが、セレクタに一致する Ready な Pod の集合と異なります。ラベルの不一致、Ready でない Pod、手作りの EndpointSlice の残り、または反映の遅れが考えられます。',
  },
  none: {
    en: 'The Service should have nobody behind it, and has: its selector matches more than was meant.',
    ja: '背後に誰もいないはずの Service にエンドポイントがあります。セレクタが想定より広く一致しています。',
  },
  addresses: {
    en: 'Other addresses than those written down: the Endpoints object or slice is not joined to the Service (by name, or by label), has not been mirrored, or a controller has replaced the list.',
    ja: '書かれたアドレスと異なります。Endpoints や EndpointSlice が（名前またはラベルで）Service に結び付いていないか、まだ写されていないか、コントローラが置き換えています。',
  },
  managedBy: {
    en: 'Somebody else keeps the slices than was meant: with a selector the controller makes them, from a hand-made Endpoints object they are mirrored, and a hand-made slice has no keeper but you.',
    ja: 'EndpointSlice の管理者が想定と違います。セレクタがあればコントローラが作り、手書きの Endpoints からは写しが作られ、手書きの EndpointSlice は自分で管理します。',
  },
  ports: {
    en: 'The endpoints have other ports: a targetPort, or the port name in the pod, is not what was meant.',
    ja: 'エンドポイントのポートが違います。targetPort、または Pod 側のポート名を確認してください。',
  },
  slices: {
    en: 'Another number of EndpointSlices: the controller makes one for each set of ports (and for each 100 endpoints).',
    ja: 'EndpointSlice の数が違います。ポートの組ごと（および 100 エンドポイントごと）に一つ作られます。',
  },
  count: {
    en: 'Another number of ready endpoints than the exercise starts with: some pods are missing, not ready, or too many match.',
    ja: 'Ready なエンドポイントの数が演習の前提と違います。Pod が不足・未 Ready か、余分な Pod が一致しています。',
  },
};

/** Sets the endpoints of a Service, over all of its slices, beside the pods that should be in them (claim B03). */
export function judgeEndpoints(
  expect: EndpointsExpectation,
  { service, pods, slices, namespace }: EndpointsView,
): Judged {
  const name = expect.of;
  const seen = endpointsOf(slices, name);
  const findings: Finding[] = [];
  if (expect.are === 'none') findings.push(finding('endpoints', 'none', words(seen), seen.length === 0, WHY.none));
  else if (expect.are !== 'readyPods') findings.push(addressesFinding(expect.are, seen));
  else findings.push(membersFinding(expectedEndpoints(service, pods), seen));
  if (expect.ports !== undefined) {
    const wanted = expect.ports.map(String);
    const ports = [...new Set(seen.flatMap((endpoint) => endpoint.ports.map(portKey)))];
    const ok = sameSet(wanted, ports);
    findings.push(finding('ports', few([...wanted].sort()), few(ports.sort()), ok, WHY.ports));
  }
  if (expect.slices !== undefined) {
    const count = slicesOf(slices, name).length;
    findings.push(finding('slices', String(expect.slices), String(count), count === expect.slices, WHY.slices));
  }
  if (expect.count !== undefined) {
    findings.push(finding('count', String(expect.count), String(seen.length), seen.length === expect.count, WHY.count));
  }
  if (expect.managedBy !== undefined) {
    const keepers = keepersOf(slices, name);
    const ok = keepers.length === 1 && keepers[0] === expect.managedBy;
    findings.push(finding('managedBy', expect.managedBy, few(keepers), ok, WHY.managedBy));
  }
  if (expect.hints !== undefined) findings.push(hintsFinding(expect.hints, slices, name));
  return judged(findings, () => nextEndpoints({ namespace, service: name }));
}

/** Exactly these addresses, whoever wrote them down. */
function addressesFinding(wanted: readonly string[], seen: readonly Endpoint[]): Finding {
  const got = seen.map(({ address }) => address);
  const missing = wanted.filter((address) => !got.includes(address));
  const extra = got.filter((address) => !wanted.includes(address));
  return finding(
    'endpoints',
    few([...wanted].sort()),
    words(seen) + trouble(missing, extra),
    missing.length + extra.length === 0,
    WHY.addresses,
  );
}

/** ` (missing …; extra …)`, or nothing. */
function trouble(missing: readonly string[], extra: readonly string[]): string {
  const parts = [
    ...(missing.length > 0 ? [`missing ${few(missing)}`] : []),
    ...(extra.length > 0 ? [`extra ${few(extra)}`] : []),
  ];
  return parts.length > 0 ? ` (${parts.join('; ')})` : '';
}

function membersFinding(expected: readonly Endpoint[], seen: readonly Endpoint[]): Finding {
  const what = 'endpoints';
  if (expected.length === 0)
    return undecided(what, 'exactly the ready pods', 'no ready pod matches the selector', WHY.set);
  const [wanted, got] = [expected.map(member), seen.map(member)];
  const missing = wanted.filter((each) => !got.includes(each));
  const extra = got.filter((each) => !wanted.includes(each));
  return finding(
    what,
    words(expected),
    words(seen) + trouble(missing, extra),
    missing.length + extra.length === 0,
    WHY.set,
  );
}

/** `sample-x 10.244.1.5:80`: pod, address and ports; a slice that names another pod is another member. */
function member({ pod, address, ports }: Endpoint): string {
  const numbers = [...new Set(ports.map(({ port }) => port))].join(',');
  return `${pod === undefined ? '' : `${pod} `}${address}:${numbers === '' ? '(no port)' : numbers}`;
}

function words(endpoints: readonly Endpoint[]): string {
  return few(endpoints.map(member).sort());
}

/** A wanted `80` stands for an unnamed port, or for that number under whatever name. */
function sameSet(wanted: readonly string[], seen: readonly string[]): boolean {
  const matches = (want: string, key: string): boolean =>
    want === key || (/^\d+$/.test(want) && key.endsWith(`:${want}`));
  return (
    wanted.every((want) => seen.some((key) => matches(want, key))) &&
    seen.every((key) => wanted.some((want) => matches(want, key)))
  );
}
