import type { Measured } from '../event/state.js';
import { cut, cutFront, duration, padEnd, padStart, widthOf } from '../report/layout.js';
import type { Pane } from './pane.js';
import type { Seen } from './seen.js';

/** DNS answers as a table: name, TTL, type, data. Names give way first: they differ least. */
export function dnsLines(pane: Pane, place: string, seen: Seen & { readonly kind: 'dns' }): string[] {
  const { screen, signs, tui } = pane;
  const head = `${place}  ${seen.rcode}  ${tui.server} ${seen.server}  ${duration(seen.ms)}`;
  const ttl = Math.max(3, ...seen.answers.map((each) => String(each.ttl).length));
  const type = Math.max(4, ...seen.answers.map((each) => each.type.length));
  const room = screen.columns - ttl - type - 6;
  const data = Math.min(Math.max(4, ...seen.answers.map((each) => widthOf(each.data))), Math.max(15, room >> 1));
  const name = Math.min(Math.max(4, ...seen.answers.map((each) => widthOf(each.name))), Math.max(8, room - data));
  return [
    pane.paint('quiet', cut(head, screen.columns, signs.more)),
    ...(seen.answers.length === 0 ? [tui.noAnswers] : []),
    ...seen.answers.map((each) =>
      [
        padEnd(cutFront(each.name, name, signs.more), name),
        padStart(String(each.ttl), ttl),
        padEnd(each.type, type),
        cutFront(each.data, data, signs.more),
      ].join('  '),
    ),
    ...(seen.more > 0 ? [`${signs.more} ${tui.moreRecords(seen.more)}`] : []),
  ];
}

/** What took how long until it had settled, as bars from the common start; first come, first shown. */
export function timelineLines(pane: Pane, measured: readonly Measured[]): string[] {
  const { screen, signs } = pane;
  const times = measured.filter(({ unit }) => unit === 'ms').sort((a, b) => a.value - b.value);
  const others = measured.filter(({ unit }) => unit !== 'ms');
  const longest = Math.max(1, ...times.map(({ value }) => value));
  const amount = Math.max(0, ...times.map(({ value }) => duration(value).length));
  const label = Math.min(Math.max(1, ...times.map(({ what }) => widthOf(what))), Math.max(12, screen.columns >> 1));
  const room = Math.max(4, Math.min(48, screen.columns - label - amount - 4));
  return [
    ...times.map(({ what, value }) => {
      const cells = Math.max(1, Math.round((value / longest) * room));
      return [
        padEnd(cutFront(what, label, signs.more), label),
        padStart(duration(value), amount),
        `${signs.rule.repeat(cells - 1)}${signs.full}`,
      ].join('  ');
    }),
    ...others.map(({ what, value, unit }) => `${what}  ${value} ${unit}`),
  ];
}
