import type { Measured } from '../event/state.js';
import { cut, cutFront, duration, padEnd, padStart, widthOf } from '../report/layout.js';
import { hanging } from '../report/view.js';
import type { Pane } from './pane.js';
import type { Seen } from './seen.js';

/** DNS answers as a table: name, TTL, type, data. What is too wide for one line has its data below: nothing is cut. */
export function dnsLines(pane: Pane, place: string, seen: Seen & { readonly kind: 'dns' }): string[] {
  const { screen, signs, tui } = pane;
  const { answers, more } = seen;
  const head = `${place}  ${seen.rcode}  ${tui.server} ${seen.server}  ${duration(seen.ms)}`;
  const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(widthOf));
  const name = widest(answers.map((each) => each.name));
  const ttl = widest(answers.map((each) => String(each.ttl)));
  const type = widest(answers.map((each) => each.type));
  const fits = name + ttl + type + widest(answers.map((each) => each.data)) + 6 <= screen.columns;
  const room = Math.max(8, Math.min(name, screen.columns - ttl - type - 4));
  return [
    pane.paint('quiet', cut(head, screen.columns, signs.more)),
    ...(answers.length === 0 ? [tui.noAnswers] : []),
    ...answers.flatMap((each) => {
      const start = [
        padEnd(cutFront(each.name, room, signs.more), room),
        padStart(String(each.ttl), ttl),
        padEnd(each.type, type),
      ].join('  ');
      return fits ? [`${start}  ${each.data}`] : [start.trimEnd(), ...hanging(pane, '    ', 4, each.data)];
    }),
    ...(more > 0 ? [`${signs.more} ${tui.moreRecords(more)}`] : []),
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
