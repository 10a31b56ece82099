import type { DnsRecord, Observation } from '../probe/observation.js';

/** Of an observation, what the screen draws: small, whatever the probe saw. */
export type Seen =
  | {
      readonly kind: 'http';
      readonly total: number;
      /** The address that curl talked to, first and last hop of the client's view; most often first. */
      readonly remotes: readonly Count[];
      /** Pods that answered. */
      readonly pods: readonly Count[];
      /** The client's address as the pods saw it. */
      readonly clients: readonly Count[];
      readonly outcomes: readonly Count[];
    }
  | {
      readonly kind: 'dns';
      readonly rcode: string;
      readonly server: string;
      readonly ms: number;
      readonly answers: readonly DnsRecord[];
      /** Answers that were cut off. */
      readonly more: number;
    };

export type Count = readonly [name: string, count: number];

/** Step id → place → what was seen there. */
export type SeenByStep = Readonly<Record<string, Readonly<Record<string, Seen>>>>;

/** More than this nobody reads on a screen; it also bounds what a long replay keeps. */
const MOST = 64;
const MOST_PLACES = 32;

/** Condenses an observation; undefined: the screen draws nothing of it. */
export function seenOf(observation: Observation): Seen | undefined {
  switch (observation.kind) {
    case 'http': {
      const { requests } = observation;
      const answers = requests.flatMap(({ answer }) => (answer === undefined ? [] : [answer]));
      return {
        kind: 'http',
        total: requests.length,
        remotes: counted(requests.map(({ remote }) => remote).filter((remote) => remote !== '')),
        pods: counted(answers.map(({ from }) => from)),
        clients: counted(answers.map(({ client }) => client)),
        outcomes: counted(requests.map(({ outcome }) => outcome)),
      };
    }
    case 'dns': {
      const { rcode, server, ms, answers } = observation;
      return {
        kind: 'dns',
        rcode,
        server,
        ms,
        answers: answers.slice(0, MOST),
        more: Math.max(0, answers.length - MOST),
      };
    }
    default:
      return undefined;
  }
}

/** Keeps what a place saw; the last observation of a place counts. */
export function addSeen(all: SeenByStep, step: string, place: string, seen: Seen): SeenByStep {
  const places = { ...all[step], [place]: seen };
  if (Object.keys(places).length > MOST_PLACES) return all;
  return { ...all, [step]: places };
}

function counted(names: readonly string[]): Count[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).slice(0, MOST);
}
