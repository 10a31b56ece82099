import type { Finding } from '../event/event.js';
import type { LiveObject } from '../model/object.js';
import { few, finding, judged, type CheckPlace, type Judged } from './judged.js';
import { pointer } from './next.js';

const WHY = {
  count: {
    en: 'Another number of objects than expected: some were not made, or others are left from before.',
    ja: 'オブジェクトの数が違います。作成されていないものがあるか、以前のものが残っています。',
  },
  missing: { en: 'The object is not there.', ja: 'オブジェクトが存在しません。' },
  there: {
    en: 'The object is there although it should not be: a call that had to be refused was accepted, or it is left from before.',
    ja: '存在しないはずのオブジェクトがあります。拒否されるはずの操作が通ったか、以前のものが残っています。',
  },
  events: {
    en: 'Nobody told of it: the controller that does this work is not running, or something else keeps it from doing it.',
    ja: 'このイベントがありません。処理を担うコントローラが動いていないか、別の理由で処理が止まっています。',
  },
};

/** How many objects there are. `command` lists them. */
export function judgeCount(wanted: number, objects: readonly LiveObject[], command: string): Judged {
  const names = objects.map(({ metadata }) => metadata?.name ?? '');
  const observed = `${names.length}${names.length === 0 ? '' : `: ${few(names)}`}`;
  const findings = [finding('count', String(wanted), observed, names.length === wanted, WHY.count)];
  return judged(findings, () => [pointer('Which are there?', 'どれがあるか確認する', command)]);
}

/** Is the object there, as it should be or should not be? */
export function existsFinding(name: string, wanted: boolean, object: unknown): Finding {
  const there = object !== undefined;
  const word = (is: boolean): string => `${name} ${is ? 'is there' : 'is not there'}`;
  return finding('exists', word(wanted), word(there), there === wanted, wanted ? WHY.missing : WHY.there);
}

/** An event of the cluster, as far as it is judged. */
export interface EventView extends LiveObject {
  readonly reason?: string;
  readonly message?: string;
  readonly involvedObject?: { readonly kind?: string; readonly name?: string };
}

/** Events about an object: each of the reasons was given at least once. */
export function judgeEvents(
  name: string,
  reasons: readonly string[],
  events: readonly EventView[],
  { namespace = 'NAMESPACE' }: CheckPlace = {},
): Judged {
  const seen = few([...new Set(events.map(({ reason = '' }) => reason))], 8);
  const findings = reasons.map((reason) => {
    const event = events.find((each) => each.reason === reason);
    return finding(
      'event',
      reason,
      event === undefined ? seen : `${reason}: ${event.message ?? ''}`,
      !!event,
      WHY.events,
    );
  });
  return judged(findings, () => [
    pointer('What was told about it?', 'イベントを確認する', `kubectl -n ${namespace} events --for ${name}`),
  ]);
}
