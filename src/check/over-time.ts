import type { Finding } from '../event/event.js';
import type { HttpExpectation } from '../playbook/schema.js';
import type { Observation, Request } from '../probe/observation.js';
import type { Text } from '../text.js';
import { few, finding, judged, undecided, type CheckPlace, type Judged } from './judged.js';
import { nextAffinity } from './next.js';
import { answerPart } from './requests.js';

/** What one of several places saw; undefined when it could not be measured. */
export interface PlaceSeen {
  readonly place: string;
  readonly observation: Observation | undefined;
}

/** Does this expectation speak of all places together? */
export function speaksOfAll({ across, changes, urlsDiffer }: HttpExpectation): boolean {
  return across !== undefined || changes === 'some' || urlsDiffer === true;
}

/**
 * `changes: none` at one place: every URL was answered by one pod, whenever it was asked. Apart from a spread, nothing is
 * said of which pod.
 */
export function steadyFinding(answered: readonly Request[]): Finding {
  const expected = 'the same pod';
  const urls = [...podsByUrl(answered)];
  const changed = urls.flatMap(([url, pods]) => {
    const at = pods.findIndex((pod) => pod !== pods[0]);
    return at < 0 ? [] : [`${url}: ${pods[0] ?? ''}, then ${pods[at] ?? ''} at request ${at + 1} of ${pods.length}`];
  });
  if (changed.length > 0) return finding('changes', expected, few(changed, 3), false, WHY.changed);
  const times = Math.min(...urls.map(([, pods]) => pods.length));
  return times < 2
    ? undecided('changes', expected, 'asked only once: times is missing')
    : finding(
        'changes',
        expected,
        `${times} × the same pod${urls.length > 1 ? ` at each of ${urls.length} URLs` : ''}`,
        true,
      );
}

/**
 * What holds of all places together, of which chance decides at each of them: one client alone may well get the same pod
 * again, a dozen will not. A place that could not be measured leaves it open, unless the others have shown it already.
 */
export function judgeTogether(expect: HttpExpectation, places: readonly PlaceSeen[], at: CheckPlace = {}): Judged {
  const seen = places.map(({ place, observation }) => ({
    place,
    urls: podsByUrl(observation?.kind === 'http' ? observation.requests.filter(({ outcome }) => outcome === 'ok') : []),
  }));
  const silent = seen.filter(({ urls }) => urls.size === 0).map(({ place }) => place);
  const findings = [
    ...(expect.across === undefined ? [] : [acrossFinding(expect.across, seen, silent)]),
    ...(expect.changes === 'some' ? [changedFinding(seen, silent)] : []),
    ...(expect.urlsDiffer === true ? [urlsFinding(seen, silent)] : []),
  ];
  return judged(findings, () => [nextAffinity(at)]);
}

interface Seen {
  readonly place: string;
  /** URL → the pods that answered, in order. */
  readonly urls: ReadonlyMap<string, readonly string[]>;
}

function acrossFinding(wanted: 'several' | 'same', seen: readonly Seen[], silent: readonly string[]): Finding {
  const expected = wanted === 'several' ? 'first answers from several pods' : 'first answers from the same pod';
  const counts = new Map<string, number>();
  for (const { urls } of seen) {
    const first = [...urls.values()][0]?.[0];
    if (first !== undefined) counts.set(first, (counts.get(first) ?? 0) + 1);
  }
  const observed = few(
    [...counts].sort().map(([pod, count]) => `${count} × ${pod}`),
    10,
  );
  const met = wanted === 'several' ? counts.size > 1 : counts.size === 1 && silent.length === 0;
  return settled('across', { expected, observed, met, silent }, WHY[wanted], wanted === 'same' && counts.size > 1);
}

function changedFinding(seen: readonly Seen[], silent: readonly string[]): Finding {
  const lists = seen.flatMap(({ urls }) => [...urls.values()]);
  const changed = lists.filter((pods) => new Set(pods).size > 1).length;
  const observed = `${changed} of ${lists.length} got another pod later`;
  return settled('changes', { expected: 'another pod later', observed, met: changed > 0, silent }, WHY.steady);
}

function urlsFinding(seen: readonly Seen[], silent: readonly string[]): Finding {
  const rounds = seen.flatMap(({ urls }) => {
    const lists = [...urls.values()];
    return (lists[0] ?? []).map((_, round) => new Set(lists.flatMap((pods) => pods[round] ?? [])));
  });
  const differ = rounds.filter((pods) => pods.size > 1).length;
  const observed = `${differ} of ${rounds.length} rounds had different pods`;
  const expected = 'different pods';
  return settled('urls', { expected, observed, met: differ > 0, silent }, WHY.agree);
}

/** Met, not met, or open because a place that might have shown it could not be measured. */
function settled(
  what: string,
  { expected, observed, met, silent }: { expected: string; observed: string; met: boolean; silent: readonly string[] },
  why: Text,
  refuted = false,
): Finding {
  if (met || refuted || silent.length === 0) return finding(what, expected, observed, met, why);
  return undecided(what, expected, `${observed}; no answer at ${few(silent, 3)}`);
}

function podsByUrl(requests: readonly Request[]): Map<string, string[]> {
  const pods = new Map<string, string[]>();
  for (const request of requests) {
    pods.set(request.url, [...(pods.get(request.url) ?? []), answerPart(request, 'from')]);
  }
  return pods;
}

const WHY = {
  changed: {
    en: 'Another pod answered although this client should stay where it was: the Service has no session affinity, its time was up, or the proxy forgot the client (iptables keeps about 100 for each pod).',
    ja: '同じ Pod につながり続けるはずのクライアントに、別の Pod が応答しました。セッションアフィニティが設定されていない、期限が切れた、またはプロキシーがクライアントを忘れています（iptables が覚えるのは Pod ごとに約100個です）。',
  },
  steady: {
    en: 'Nobody got another pod: there is only one endpoint, or the affinity lasts longer than this waited.',
    ja: 'Pod が変わったクライアントがありません。エンドポイントが1つしかないか、アフィニティの時間が待ち時間より長くなっています。',
  },
  several: {
    en: 'All places were sent to one pod: there is only one endpoint, or the proxy sees all of them as one client (source NAT on the way).',
    ja: 'すべての場所が同じ Pod に振り分けられました。エンドポイントが1つしかないか、途中の送信元 NAT により、全員が1つのクライアントに見えています。',
  },
  same: {
    en: 'The places were sent to different pods: each node decides for itself.',
    ja: '場所ごとに別の Pod に振り分けられました。振り分けはノードごとに決まります。',
  },
  agree: {
    en: 'All URLs led to the same pod every time: there is only one endpoint, or all of them end at the same node.',
    ja: 'どの URL も毎回同じ Pod につながりました。エンドポイントが1つしかないか、すべて同じノードに届いています。',
  },
} satisfies Record<string, Text>;
