import type { ClusterFacts, Judgement } from '../event/event.js';
import { widthOf } from '../report/layout.js';
import { hanging } from '../report/view.js';
import type { Pane } from './pane.js';
import type { Seen } from './seen.js';

/** A station of a packet. */
export interface Hop {
  readonly what: 'client' | 'entry' | 'service' | 'rule' | 'pod';
  readonly name: string;
  /** With port where one is known. */
  readonly address?: string;
}

/** Source and destination that the packet carries. */
export interface Addresses {
  readonly source: string | undefined;
  readonly destination: string | undefined;
}

/** How a request goes from its client to the pod that answers. */
export interface PacketPath {
  readonly hops: readonly Hop[];
  readonly before: Addresses;
  /** undefined: nothing rewrites the packet, or nobody answered. */
  readonly after: Addresses | undefined;
  /** How many pods the rule chooses among. */
  readonly choices: number;
  /** How it ended when no pod answered: `refused`, `timeout` … */
  readonly end: string | undefined;
}

/**
 * The way of a probe's requests, as far as the run knows it: where it was asked from, what curl talked to, which pod
 * answered and whom that pod saw. undefined: it is no HTTP probe, or too little is known.
 */
export function packetPath(
  { place, subject, path }: Pick<Judgement, 'place' | 'subject' | 'path'>,
  seen: Seen | undefined,
  facts: ClusterFacts | undefined,
): PacketPath | undefined {
  if (seen?.kind !== 'http') return undefined;
  const remote = seen.remotes[0]?.[0];
  const asked = partsOf(subject);
  const node = path?.node ?? /@(.+)$/.exec(place)?.[1];
  const own = path?.client ?? facts?.nodes.find(({ name }) => place === `host@${name}`)?.address;
  const destination = remote === undefined ? undefined : withPort(remote, asked?.port);
  const answered = seen.pods[0]?.[0];
  const target = path?.targets.find(({ pod }) => pod === answered);
  const podAddress = target === undefined ? undefined : withPort(target.address, target.port);
  const direct = target !== undefined && remote === target.address;
  const entry = facts?.nodes.find(({ address }) => address !== '' && address === remote);
  const client: Hop = { what: 'client', name: place, ...(own === undefined ? {} : { address: own }) };
  const middle: Hop[] = [];
  if (entry !== undefined && !direct) {
    middle.push({ what: 'entry', name: entry.name, ...(destination === undefined ? {} : { address: destination }) });
  } else if (!direct && remote !== undefined) {
    const name = asked !== undefined && asked.host !== remote ? asked.host : '';
    middle.push({ what: 'service', name, ...(destination === undefined ? {} : { address: destination }) });
  }
  if (!direct && remote !== undefined) {
    const at = entry?.name ?? node;
    middle.push({ what: 'rule', name: [facts?.proxyMode ?? '', at === undefined ? '' : `@ ${at}`].join(' ').trim() });
  }
  const pod: Hop[] =
    answered === undefined
      ? []
      : [
          {
            what: 'pod',
            name: target?.node === undefined ? answered : `${answered} @ ${target.node}`,
            ...(podAddress === undefined ? {} : { address: podAddress }),
          },
        ];
  if (middle.length + pod.length === 0) return undefined;
  return {
    hops: [client, ...middle, ...pod],
    before: { source: own, destination },
    after: answered === undefined || direct ? undefined : { source: seen.clients[0]?.[0], destination: podAddress },
    choices: Math.max(path?.targets.length ?? 0, seen.pods.length),
    end: answered === undefined ? seen.outcomes[0]?.[0] : undefined,
  };
}

/** Host and port of what was asked; several URLs in one subject are asked in the same way. */
function partsOf(subject: string): { readonly host: string; readonly port: string } | undefined {
  try {
    const { hostname, port, protocol } = new URL(/https?:\/\/\S+/.exec(subject)?.[0] ?? '');
    return { host: hostname, port: port === '' ? (protocol === 'https:' ? '443' : '80') : port };
  } catch {
    return undefined;
  }
}

function withPort(address: string, port: string | number | undefined): string {
  return port === undefined ? address : `${address}:${port}`;
}

/** The path from top to bottom: stations, and between them what the packet carries. */
export function pathLines(pane: Pane, path: PacketPath): string[] {
  const { tui, signs, screen } = pane;
  const width = Math.max(...[tui.client, tui.entry, tui.service, tui.rule, tui.pod].map(widthOf)) + 2;
  const line = screen.unicode ? '│' : '|';
  const station = ({ what, name, address }: Hop): string[] => {
    const more = what === 'pod' && path.choices > 1 ? ` (${tui.oneOf(path.choices)})` : '';
    const text = [name, address ?? ''].filter((part) => part !== '').join('  ') + more;
    const label = tui[what];
    return hanging(pane, pane.paint('quiet', label + ' '.repeat(width - widthOf(label))), width, text);
  };
  const carried = (label: string, { source, destination }: Addresses): string[] =>
    source === undefined && destination === undefined
      ? []
      : hanging(pane, `${line} `, 2, `${label}: ${source ?? '?'} ${signs.arrow} ${destination ?? '?'}`, 'quiet');
  const [client, ...rest] = path.hops;
  const pod = rest.at(-1)?.what === 'pod' ? rest.at(-1) : undefined;
  const middle = pod === undefined ? rest : rest.slice(0, -1);
  const masqueraded =
    path.after?.source !== undefined && path.before.source !== undefined && path.after.source !== path.before.source;
  return [
    ...(client === undefined ? [] : station(client)),
    ...carried(tui.before, path.before),
    ...middle.flatMap(station),
    ...(path.after === undefined ? [] : carried(tui.after, path.after)),
    ...(masqueraded ? hanging(pane, `${line} `, 2, tui.masqueraded, 'quiet') : []),
    ...(pod === undefined ? [] : station(pod)),
    ...(pod !== undefined && path.after === undefined ? hanging(pane, '', 0, tui.untranslated, 'quiet') : []),
    ...(path.end === undefined ? [] : [pane.paint('warning', `${signs.failed} ${path.end}`)]),
  ];
}
