import type { ClusterFacts } from '../event/event.js';
import type { Share, Strain, Vitals } from '../probe/vitals.js';
import { cut, padEnd, widthOf } from '../report/layout.js';
import { hanging } from '../report/view.js';
import { field, type Pane } from './pane.js';
import type { HostRow, TuiState } from './state.js';

/** From here on a table of all hosts stands above the selected one. */
const TABLE_COLUMNS = 76;

/** Everything about the selected host, and with room a table of all. */
export function hostPane(pane: Pane, host: HostRow, { hosts, facts }: Pick<TuiState, 'hosts' | 'facts'>): string[] {
  const { tui, words } = pane;
  const node = facts?.nodes.find(({ name }) => name === host.name);
  const names = [
    tui.address,
    tui.role,
    tui.node,
    tui.temperature,
    tui.power,
    tui.load,
    tui.memory,
    tui.disk,
    tui.podCIDR,
  ];
  const width = Math.max(...names.map(widthOf), widthOf('kubelet')) + 2;
  const row = (name: string, text: string, warn = false): string[] =>
    field(pane, width, name, text, warn ? 'warning' : 'plain');
  return [
    ...(pane.screen.columns >= TABLE_COLUMNS ? [...tableLines(pane, hosts, facts), ''] : []),
    pane.paint('heading', host.name),
    ...row(tui.address, host.address),
    ...row(tui.role, host.role === 'control-plane' ? words.controlPlane : tui.worker),
    ...row(tui.node, nodeWords(pane, node, facts), facts !== undefined && node?.ready !== true),
    ...(node === undefined ? [] : [...row('kubelet', node.kubeletVersion), ...row(tui.podCIDR, node.podCIDR)]),
    ...(host.vitals === undefined ? [] : vitalsLines(pane, host.vitals, row)),
    ...(host.trouble === undefined
      ? host.vitals === undefined
        ? ['', pane.paint('quiet', tui.connecting)]
        : []
      : [
          '',
          ...hanging(pane, '! ', 2, host.trouble.message, 'warning'),
          ...(host.trouble.hint === undefined ? [] : hanging(pane, '  ', 2, host.trouble.hint)),
        ]),
  ];
}

function nodeWords(
  { tui, words }: Pane,
  node: ClusterFacts['nodes'][number] | undefined,
  facts: TuiState['facts'],
): string {
  if (node !== undefined) return node.ready ? tui.ready : words.notReady;
  return facts === undefined ? tui.unknown : tui.noNode;
}

function vitalsLines(
  { tui }: Pane,
  { temperature, throttled, load, cpus, memory, disk }: Vitals,
  row: (name: string, text: string, warn?: boolean) => string[],
): string[] {
  const strains = (each: readonly Strain[]): string =>
    each.length === 0 ? tui.none : each.map((strain) => tui.strain[strain]).join(', ');
  const busy = load !== undefined && cpus !== undefined && load[0] > cpus;
  return [
    ...row(tui.temperature, temperature === undefined ? tui.unknown : degrees(temperature), isHot(temperature)),
    ...(throttled === undefined
      ? row(tui.power, tui.unknown)
      : [
          ...row(tui.power, `${tui.now}: ${strains(throttled.now)}`, throttled.now.length > 0),
          ...row('', `${tui.sinceBoot}: ${strains(throttled.sinceBoot)}`, throttled.sinceBoot.length > 0),
        ]),
    ...(load === undefined
      ? []
      : row(
          tui.load,
          `${load.map((each) => each.toFixed(2)).join(' ')}${cpus === undefined ? '' : `  (${tui.cpus(cpus)})`}`,
          busy,
        )),
    ...(memory === undefined ? [] : row(tui.memory, share(memory), isFull(memory))),
    ...(disk === undefined ? [] : row(tui.disk, share(disk), isFull(disk))),
  ];
}

/** A Pi 4 and 5 begin to slow down at 80 °C (Raspberry Pi documentation, frequency management). */
export function isHot(temperature: number | undefined): boolean {
  return temperature !== undefined && temperature >= 80;
}

/** kubelet evicts pods at 10 % of free disk (Kubernetes' default hard eviction threshold for nodefs). */
export function isFull({ used, total }: Share): boolean {
  return used / Math.max(1, total) >= 0.9;
}

/** `48.3 °C`. */
export function degrees(temperature: number): string {
  return `${temperature.toFixed(1)} °C`;
}

function share({ used, total }: Share): string {
  return `${percent({ used, total })}  (${gibibytes(used)} / ${gibibytes(total)} GiB)`;
}

function percent({ used, total }: Share): string {
  return `${Math.round((used / Math.max(1, total)) * 100)} %`;
}

function gibibytes(kib: number): string {
  return (kib / 1024 / 1024).toFixed(1);
}

/** True when the person should look at this host. */
export function isUnwell({ vitals, trouble }: HostRow, node: ClusterFacts['nodes'][number] | undefined): boolean {
  if (trouble !== undefined || node?.ready === false) return true;
  if (vitals === undefined) return false;
  const { temperature, throttled, memory, disk } = vitals;
  return (
    isHot(temperature) ||
    (throttled?.now.length ?? 0) > 0 ||
    [memory, disk].some((each) => each !== undefined && isFull(each))
  );
}

function tableLines(pane: Pane, hosts: readonly HostRow[], facts: TuiState['facts']): string[] {
  const { tui, words, signs } = pane;
  const head = ['', '', tui.node, tui.temperature, tui.load, tui.memory, tui.disk, 'kubelet'];
  const rows = hosts.map((host) => {
    const node = facts?.nodes.find(({ name }) => name === host.name);
    const { vitals } = host;
    const of = (value: string | undefined): string => value ?? '-';
    return [
      isUnwell(host, node) ? '!' : signs.passed,
      host.name,
      node === undefined ? '-' : node.ready ? tui.ready : words.notReady,
      of(vitals?.temperature === undefined ? undefined : degrees(vitals.temperature)),
      of(vitals?.load?.[0].toFixed(2)),
      of(vitals?.memory && percent(vitals.memory)),
      of(vitals?.disk && percent(vitals.disk)),
      of(node?.kubeletVersion),
    ];
  });
  const widths = head.map((cell, column) => Math.max(widthOf(cell), ...rows.map((row) => widthOf(row[column] ?? ''))));
  const line = (cells: readonly string[]): string =>
    cut(cells.map((cell, column) => padEnd(cell, widths[column] ?? 0)).join('  '), pane.screen.columns, signs.more);
  return [
    pane.paint('quiet', line(head)),
    ...rows.map((row) => (row[0] === '!' ? pane.paint('warning', line(row)) : line(row))),
  ];
}
