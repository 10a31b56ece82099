import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { PilabError } from '../../src/errors.js';
import { decodeRecord, encodeEvent } from '../../src/event/record.js';
import { sampleRun } from './sample.js';

const events = sampleRun();
const text = events.map(encodeEvent).join('');

function failure(record: string): PilabError {
  try {
    decodeRecord('run.ndjson', record);
  } catch (error) {
    if (error instanceof PilabError) return error;
    throw error;
  }
  throw new Error('the record was accepted');
}

describe('a record', () => {
  it('gives back the events that were written', () => {
    expect(decodeRecord('run.ndjson', text)).toEqual({ events, cut: false });
  });

  it('decodes wherever a killed run cut it, and says so', () => {
    fc.assert(
      fc.property(fc.nat({ max: text.length }), (length) => {
        const prefix = text.slice(0, length);
        const whole = prefix.split('\n').length - 1;
        expect(decodeRecord('run.ndjson', prefix)).toEqual({
          events: events.slice(0, whole),
          cut: length > 0 && !prefix.endsWith('\n'),
        });
      }),
    );
  });

  it('keeps any text that a cluster may answer on one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (message) => {
        const event = { v: 1, seq: 1, ms: 0, type: 'warning', message } as const;
        const line = encodeEvent(event);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(decodeRecord('run.ndjson', line).events).toEqual([event]);
      }),
    );
  });

  it.each([
    ['half a line in the middle', '{"v":1,"ty\n{"v":1,"type":"warning"}\n', 1],
    ['another kind of JSON', `${encodeEvent(events[0]!)}[]\n`, 2],
    ['JSON without a type', '{"v":1}\n', 1],
    ['an event that nobody knows', '{"v":1,"seq":1,"ms":0,"type":"bogus"}\n', 1],
    ['an event without its parts', '{"v":1,"seq":1,"ms":0,"type":"run-started"}\n', 1],
    ['a part of the wrong kind', '{"v":1,"seq":1,"ms":0,"type":"judged","step":"a/1","judgement":[]}\n', 1],
    ['an event without its stamp', '{"v":1,"type":"playbook-started","playbook":"a"}\n', 1],
    ['an empty line', `${encodeEvent(events[0]!)}\n${encodeEvent(events[1]!)}`, 2],
  ])('refuses %s and names the line', (_name, record, line) => {
    const error = failure(record);
    expect(error.code).toBe('RECORD_INVALID');
    expect(error.message).toContain(`run.ndjson:${line}:`);
  });

  it('refuses a format that it does not know', () => {
    const error = failure('{"v":2,"seq":1,"ms":0,"type":"warning","message":""}\n');
    expect(error.code).toBe('RECORD_VERSION');
    expect(error.message).toContain('run.ndjson:1: record format 2');
  });

  it('tells a newer format from garbage, also when its events look otherwise', () => {
    expect(failure('{"v":2,"kind":"verdict"}\n').code).toBe('RECORD_VERSION');
    expect(failure('{"v":"x","type":"warning"}\n').code).toBe('RECORD_INVALID');
  });

  it('gives only the kinds of events that were asked for, wherever the stamp stands in a line', () => {
    const wanted = new Set(['run-started', 'step-finished'] as const);
    const kept = events.filter(({ type }) => type === 'run-started' || type === 'step-finished');
    expect(decodeRecord('run.ndjson', text, wanted).events).toEqual(kept);
    const turned = events.map((event) => `${JSON.stringify(Object.fromEntries(Object.entries(event).reverse()))}\n`);
    expect(decodeRecord('run.ndjson', turned.join(''), wanted).events).toEqual(kept);
  });

  it('refuses garbage and newer formats also when only some kinds are asked for', () => {
    const wanted = new Set(['run-started'] as const);
    expect(() => decodeRecord('run.ndjson', `${text}nonsense\n`, wanted)).toThrow(/not an event of a run/);
    expect(() => decodeRecord('run.ndjson', text.replaceAll('"v":1', '"v":2'), wanted)).toThrow(/record format 2/);
  });
});
