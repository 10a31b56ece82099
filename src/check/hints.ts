import type { Finding } from '../event/event.js';
import { hintsOf } from '../model/hints.js';
import type { LiveObject } from '../model/object.js';
import { few, finding, undecided } from './judged.js';

const WHY = {
  en: 'The hints are not those of this traffic distribution: the API server does not know its value (PreferSameNode needs 1.34), or the slice controller has not caught up.',
  ja: 'ヒントが traffic distribution の設定と異なります。API サーバがその値に対応していないか（PreferSameNode は 1.34 以降）、反映が遅れています。',
};

/** What the slices of a Service say of where each endpoint is best used (claim P02). */
export function hintsFinding(wanted: 'sameNode' | 'none', slices: readonly LiveObject[], service: string): Finding {
  const hints = hintsOf(slices, service);
  const expected = { sameNode: 'each endpoint for its own node', none: 'no hints' }[wanted];
  if (hints.length === 0) return undecided('hints', expected, 'no ready endpoint');
  const observed = few(
    hints.map(({ address, node, forNodes, forZones }) => {
      const targets = [...forNodes, ...forZones.map((zone) => `zone ${zone}`)];
      return `${address} on ${node ?? '?'}: ${targets.join(' ') || 'none'}`;
    }),
  );
  const ok = hints.every(({ node, forNodes, forZones }) =>
    wanted === 'none' ? forNodes.length + forZones.length === 0 : forNodes.length === 1 && forNodes[0] === node,
  );
  return finding('hints', expected, observed, ok, WHY);
}
