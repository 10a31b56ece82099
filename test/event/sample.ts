import type { EventBody, Judgement, PlaybookInfo, RunEvent, StepInfo, Verdict } from '../../src/event/event.js';

/** Answers of the cluster as they were seen on a rack; one of everything a display must be able to show. */

const NAMESPACE = 'pilab-clusterip-3f9a';
const PODS = [
  'sample-deployment-6cb78c89c8-2xk7p',
  'sample-deployment-6cb78c89c8-h9wvl',
  'sample-deployment-6cb78c89c8-tqz4d',
] as const;

type Draft = Pick<StepInfo, 'kind' | 'title'> & Partial<StepInfo>;

const DRAFTS: readonly Draft[] = [
  {
    kind: 'apply',
    title: {
      en: 'Start three web servers, and put one Service before them',
      ja: 'Webサーバを3台起動し、その前に Service を1つ置く',
    },
    command: 'kubectl apply -f sample-deployment.yaml -f sample-clusterip.yaml',
  },
  {
    kind: 'wait',
    title: { en: 'Wait until the Service answers', ja: 'Service が応答するまで待つ' },
    say: {
      en: 'Ready pods are not enough. The nodes learn of them up to a second later.',
      ja: 'Pod が Ready になるだけでは足りません。',
    },
    command: 'kubectl wait --for=… service/sample-clusterip',
  },
  {
    kind: 'check',
    title: { en: 'The Service has an address of its own', ja: 'Service は自分のアドレスを持つ' },
    claims: ['B01'],
    command: 'kubectl get service sample-clusterip -o yaml',
  },
  {
    kind: 'probe',
    title: { en: 'A thousand requests spread evenly', ja: '1000回の要求が均等に分かれる' },
    claims: ['B05'],
    from: 'pod',
    spread: 'even',
    command: 'for i in $(seq 1000); do curl -s ${saved.before.vip}:8080; done',
  },
  {
    kind: 'probe',
    title: { en: 'The nodes reach the address too', ja: 'ノード自身からも、そのアドレスに届く' },
    claims: ['B06'],
    from: 'host@each',
    command: 'curl -s ${saved.before.vip}:8080',
  },
  {
    kind: 'probe',
    title: {
      en: 'From pods on every node, all web servers are reached, and none is favoured over another',
      ja: 'どのノードの Pod からも、すべてのWebサーバに届き、どれか1つに偏ることもない',
    },
    claims: ['B04', 'B05'],
    from: 'pod@all',
    command: 'curl -s ${saved.before.vip}:8080',
  },
  {
    kind: 'probe',
    title: { en: 'Another port of the address is refused', ja: 'そのアドレスの別のポートは接続拒否になる' },
    claims: ['B08'],
    from: 'pod',
    command: 'curl ${saved.before.vip}:80',
  },
  {
    kind: 'probe',
    title: { en: 'The full name resolves to the address', ja: '完全な名前が、そのアドレスに解決される' },
    claims: ['E02'],
    from: 'pod',
    command: 'dig sample-clusterip.${namespace}.svc.${cluster.domain} A',
  },
  {
    kind: 'scale',
    title: { en: 'Scale to zero', ja: 'レプリカ数を0にする' },
    command: 'kubectl scale deployment/sample-deployment --replicas=0',
  },
  {
    kind: 'probe',
    title: { en: 'With no pod the address refuses', ja: 'Pod がなければ、接続拒否になる' },
    claims: ['B12'],
    from: 'pod',
    command: 'curl ${saved.before.vip}:8080',
  },
];

export const PLAYBOOK: PlaybookInfo = {
  name: 'clusterip',
  title: { en: 'ClusterIP: one address, many pods', ja: 'ClusterIP: 1つのアドレスの先に、たくさんのPod' },
  namespaces: [NAMESPACE, `${NAMESPACE}-b`],
  steps: DRAFTS.map((draft, index) => ({
    id: `clusterip/${index + 1}`,
    claims: [],
    from: 'api',
    command: '',
    where: `playbooks/clusterip.yaml:${18 + 9 * index}`,
    ...draft,
  })),
};

/** How the sample ends: whole, interrupted by Ctrl-C in the scaling step, or the connection to the cluster lost. */
export type Ending = 'whole' | 'interrupted' | 'broken';

/** A run of one playbook: passed, spread, failed with evidence, inconclusive and skipped steps. */
export function sampleRun({
  ending = 'whole',
  simulated = false,
}: { ending?: Ending; simulated?: boolean } = {}): RunEvent[] {
  const bodies: [ms: number, body: EventBody][] = [
    [
      0,
      {
        type: 'run-started',
        run: '20261126-110749-3f9a',
        pilab: '0.1.0',
        lab: { name: 'rack', simulated },
        startedAt: '2026-11-26T11:07:49.120Z',
        playbooks: [PLAYBOOK],
      },
    ],
    [80, { type: 'cluster-read', facts: FACTS }],
    [81, { type: 'playbook-started', playbook: 'clusterip' }],
    ...step(
      1,
      100,
      310,
      [passed('api', 'Deployment/sample-deployment, Service/sample-clusterip')],
      [
        {
          type: 'warning',
          step: 'clusterip/1',
          message: 'Service/sample-clusterip: spec.externalTrafficPolicy has no effect here',
        },
      ],
    ),
    ...step(
      2,
      320,
      1530,
      ['pod@raspi002', 'pod@raspi003'].map((place) => passed(place, 'http://10.97.3.4:8080/')),
      [
        measured(2, 'service/sample-clusterip slices', 12),
        measured(2, 'serving pod@raspi002', 640),
        measured(2, 'serving pod@raspi003', 1121),
        measured(2, 'serving host@raspi001', 702),
      ],
    ),
    ...step(3, 1540, 1562, [
      {
        ...passed('api', 'service/sample-clusterip'),
        findings: [
          { what: 'spec.type', expected: '"ClusterIP"', observed: '"ClusterIP"', verdict: 'passed' },
          {
            what: 'spec.clusterIP',
            expected: 'an address in 10.96.0.0/12',
            observed: '"10.97.3.4"',
            verdict: 'passed',
          },
          { what: 'spec.ports[0].port', expected: '8080', observed: '8080', verdict: 'passed' },
        ],
      },
    ]),
    ...step(
      4,
      1570,
      2090,
      [EVEN],
      [
        {
          type: 'progress',
          step: 'clusterip/4',
          place: 'pod@raspi002',
          done: 412,
          total: 1000,
          counts: { [PODS[0]]: 140, [PODS[1]]: 131, [PODS[2]]: 141 },
        },
        {
          type: 'observed',
          step: 'clusterip/4',
          place: 'pod@raspi002',
          observation: {
            kind: 'http',
            requests: [
              { url: 'http://10.97.3.4:8080/', outcome: 'ok', status: 200, exitCode: 0, ms: 0.6, remote: '10.97.3.4' },
            ],
          },
        },
      ],
    ),
    ...step(
      5,
      2100,
      2350,
      [
        [12, 15, 12],
        [18, 12, 9],
        [10, 14, 15],
      ].map((counts, index) => ({
        ...passed(`host@raspi00${index + 1}`, 'http://10.97.3.4:8080/'),
        findings: [
          { what: 'outcome', expected: 'ok', observed: '39 × ok', verdict: 'passed' },
          { what: 'status', expected: '200', observed: '39 × 200', verdict: 'passed' },
          {
            what: 'client',
            expected: `the probe: 10.244.${index}.1`,
            observed: `39 × 10.244.${index}.1`,
            verdict: 'passed',
          },
          {
            what: 'backends',
            expected: `answers from ${PODS.join(', ')} and nobody else`,
            observed: 'all 3 seen',
            verdict: 'passed',
          },
        ],
        spread: {
          total: 39,
          counts: Object.fromEntries(PODS.map((pod, each) => [pod, counts[each] ?? 0])),
          unexpected: [],
          band: [3, 24],
          chiSquare: 1.08,
          pValue: 0.5836,
          detects: '80/10/10',
        },
      })),
    ),
    ...step(6, 2360, 2900, [SKEWED]),
    ...step(7, 2910, 7010, [SILENT, { ...SILENT, place: 'pod@raspi003' }]),
    ...step(8, 7020, 8040, [CUT]),
  ];
  if (ending === 'broken') {
    return stamped([...bodies, [8050, { type: 'step-started', step: 'clusterip/9' }], ...end(8060, ending)]);
  }
  if (ending === 'interrupted') {
    return stamped([...bodies, [8050, { type: 'step-started', step: 'clusterip/9' }], ...end(8300, ending)]);
  }
  return stamped([
    ...bodies,
    ...step(9, 8050, 8090, [passed('api', 'deployment/sample-deployment')]),
    ...step(10, 8100, 8100, [SKIPPED]),
    [8101, { type: 'playbook-finished', playbook: 'clusterip', verdict: 'failed', durationMs: 8020 }],
    ...end(8110, ending),
  ]);
}

function end(ms: number, ending: Ending): [number, EventBody][] {
  const left = ending === 'broken' ? [`namespace/${NAMESPACE}`] : [];
  const error = {
    code: 'CLUSTER_UNREACHABLE',
    message: 'https://192.168.11.101:6443: connect ECONNREFUSED 192.168.11.101:6443',
    hint: 'is the control plane up? ssh raspi001 sudo crictl ps',
  };
  return [
    [ms, { type: 'cleanup-started', playbook: 'clusterip' }],
    [ms + 5230, { type: 'cleanup-finished', playbook: 'clusterip', left, durationMs: 5230 }],
    [
      ms + 5231,
      {
        type: 'run-finished',
        verdict: 'failed',
        steps: {
          passed: ending === 'whole' ? 6 : 5,
          failed: 2,
          inconclusive: ending === 'broken' ? 2 : 1,
          skipped: ending === 'whole' ? 1 : 0,
        },
        interrupted: ending === 'interrupted',
        ...(ending === 'broken' ? { error } : {}),
        exitCode: ending === 'interrupted' ? 130 : 1,
        durationMs: ms + 5231,
      },
    ],
  ];
}

/** Puts the stamps on. */
export function stamped(bodies: readonly (readonly [ms: number, body: EventBody])[]): RunEvent[] {
  return bodies.map(([ms, body], index) => ({ v: 1, seq: index + 1, ms, ...body }));
}

function step(
  number: number,
  from: number,
  to: number,
  judgements: readonly Judgement[],
  between: readonly EventBody[] = [],
): [number, EventBody][] {
  const id = `clusterip/${number}`;
  const verdicts = judgements.map(({ verdict }) => verdict);
  const order: readonly Verdict[] = ['failed', 'inconclusive', 'passed', 'skipped'];
  return [
    [from, { type: 'step-started', step: id }],
    ...between.map((body): [number, EventBody] => [from + 1, body]),
    ...judgements.map((judgement): [number, EventBody] => [to, { type: 'judged', step: id, judgement }]),
    [
      to,
      {
        type: 'step-finished',
        step: id,
        verdict: order.find((each) => verdicts.includes(each)) ?? 'skipped',
        durationMs: to - from,
      },
    ],
  ];
}

function measured(number: number, what: string, value: number): EventBody {
  return { type: 'measured', step: `clusterip/${number}`, what, value, unit: 'ms' };
}

/** A place where everything was as it should be. */
export function passed(place: string, subject: string): Judgement {
  return { verdict: 'passed', place, subject, findings: [], evidence: [], next: [], durationMs: 20 };
}

const EVEN: Judgement = {
  ...passed('pod@raspi002', 'http://10.97.3.4:8080/'),
  findings: [
    { what: 'outcome', expected: 'ok', observed: '1000 × ok', verdict: 'passed' },
    { what: 'status', expected: '200', observed: '1000 × 200', verdict: 'passed' },
    {
      what: 'backends',
      expected: `answers from ${PODS.join(', ')} and nobody else`,
      observed: 'all 3 seen',
      verdict: 'passed',
    },
    {
      what: 'spread',
      expected: 'every ready pod answers equally often: 281 to 387 of 1000 each',
      observed: '334, 317, 349; χ² 1.54, p 0.4634',
      verdict: 'passed',
    },
  ],
  spread: {
    total: 1000,
    counts: { [PODS[0]]: 334, [PODS[1]]: 317, [PODS[2]]: 349 },
    unexpected: [],
    band: [281, 387],
    chiSquare: 1.538,
    pValue: 0.4634,
    detects: '40/30/30',
  },
};

const SKEWED: Judgement = {
  ...passed('pod@raspi001', 'http://10.97.3.4:8080/'),
  verdict: 'failed',
  findings: [
    { what: 'status', expected: '200', observed: '200', verdict: 'passed' },
    {
      what: 'backends',
      expected: `answers from ${PODS.join(', ')} and nobody else`,
      observed: 'also sample-old-5d9f',
      verdict: 'failed',
      why: {
        en: 'A pod answered that is no ready endpoint of the Service: its labels match by accident, or a rule still points to an old pod.',
        ja: 'Service の Ready なエンドポイントではない Pod が応答しました。ラベルが偶然一致しているか、古い Pod へのルールが残っています。',
      },
    },
    {
      what: 'spread',
      expected: 'every ready pod answers equally often: 70 to 131 of 300 each',
      observed: '201, 0, 94; χ² 192.40, p < 0.0001',
      verdict: 'failed',
    },
  ],
  spread: {
    total: 300,
    counts: { [PODS[0]]: 201, [PODS[1]]: 0, [PODS[2]]: 94, 'sample-old-5d9f': 5 },
    unexpected: ['sample-old-5d9f'],
    band: [70, 131],
    chiSquare: 192.4,
    pValue: 0,
    detects: '50/25/25',
  },
  next: [
    {
      en: `Does its selector match the labels of the pods?: kubectl -n ${NAMESPACE} get pods --show-labels -o wide`,
      ja: `セレクタと Pod のラベルが一致しているか確認する: kubectl -n ${NAMESPACE} get pods --show-labels -o wide`,
    },
  ],
};

const SILENT: Judgement = {
  ...passed('pod@raspi002', 'http://10.97.3.4:80/'),
  verdict: 'failed',
  findings: [
    {
      what: 'outcome',
      expected: 'refused',
      observed: 'timeout: Connection timed out after 4001 milliseconds',
      verdict: 'failed',
      why: {
        en: 'Nobody answered at all: a packet was dropped on its way. Refused would have been an answer.',
        ja: '応答がまったくありません。途中でパケットが破棄されています。接続拒否であれば、それは応答です。',
      },
    },
  ],
  evidence: [
    {
      place: 'pod@raspi002',
      command: "curl -sS --connect-timeout 4 --max-time 10 -H 'Connection: close' http://10.97.3.4:80/",
      output: [
        '*   Trying 10.97.3.4:80...',
        '* \u001b[31mConnection timed out\u001b[0m after 4001 milliseconds',
        ...Array.from({ length: 14 }, (_, line) => `* closing connection\t${line}`),
        '',
      ].join('\n'),
    },
  ],
  next: [
    {
      en: `Are the rules on raspi002?: ssh raspi002 "sudo iptables-save | grep '${NAMESPACE}/sample-clusterip'"`,
      ja: `raspi002 にルールがあるか確認する: ssh raspi002 "sudo iptables-save | grep '${NAMESPACE}/sample-clusterip'"`,
    },
  ],
};

const CUT: Judgement = {
  ...passed('pod@raspi002', 'sample-clusterip.pilab-clusterip-3f9a.svc.cluster.local. A'),
  verdict: 'inconclusive',
  findings: [
    {
      what: 'measurement',
      expected: 'an answer that can be judged',
      observed: 'PROBE_CUT: the output ends before its frame does',
      verdict: 'inconclusive',
    },
  ],
};

const SKIPPED: Judgement = {
  ...passed('', ''),
  verdict: 'skipped',
  findings: [
    {
      what: 'skipped',
      expected: '',
      observed: 'holds in proxy mode nftables; this cluster runs iptables',
      verdict: 'skipped',
      why: {
        en: 'holds in proxy mode nftables; this cluster runs iptables',
        ja: 'プロキシモード nftables での内容です（このクラスタは iptables）',
      },
    },
  ],
};

const FACTS = {
  serverVersion: 'v1.34.2',
  proxyMode: 'iptables',
  cni: 'flannel',
  nodes: [1, 2, 3].map((number) => ({
    name: `raspi00${number}`,
    role: number === 1 ? ('control-plane' as const) : ('worker' as const),
    ready: number !== 3,
    address: `192.168.11.10${number}`,
    podCIDR: `10.244.${number - 1}.0/24`,
    kubeletVersion: number === 2 ? 'v1.33.6' : 'v1.34.2',
    architecture: 'arm64',
  })),
};
