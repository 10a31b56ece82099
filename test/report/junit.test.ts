/* eslint-disable @typescript-eslint/no-deprecated -- the validator has moved to a package of its own; one parser is enough for two assertions */
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { junitReport } from '../../src/report/junit.js';
import { element, xmlText } from '../../src/report/xml.js';
import { initialState } from '../../src/event/state.js';
import { sampleRun } from '../event/sample.js';
import { stateAfter } from './reports.js';

interface Case {
  readonly '@name': string;
  readonly '@classname': string;
  readonly '@time': string;
  readonly properties: { readonly property: { readonly '@name': string; readonly '@value': string }[] };
  readonly failure?: Message;
  readonly error?: Message;
  readonly skipped?: Message;
}
interface Message {
  readonly '@message': string;
  readonly '@type'?: string;
  readonly '#text'?: string;
}
type Numbers = Readonly<Record<'@tests' | '@failures' | '@errors' | '@skipped' | '@name', string>>;
interface Document {
  readonly testsuites: Numbers & { readonly testsuite: (Numbers & { readonly testcase: Case[] })[] };
}

function parsed(xml: string): Document {
  expect(XMLValidator.validate(xml)).toBe(true);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    isArray: (name) => ['testsuite', 'testcase', 'property'].includes(name),
  });
  return parser.parse(xml) as Document;
}

describe('the JUnit report', () => {
  const report = parsed(junitReport(stateAfter(sampleRun())));
  const cases = report.testsuites.testsuite[0]?.testcase ?? [];

  it('has a suite for each playbook and a case for each step, counted by how they ended', () => {
    expect(report.testsuites).toMatchObject({
      '@name': '20261126-110749-3f9a',
      '@tests': '10',
      '@failures': '2',
      '@errors': '1',
      '@skipped': '1',
    });
    expect(report.testsuites.testsuite.map((suite) => suite['@name'])).toEqual(['clusterip']);
    expect(cases).toHaveLength(10);
    expect(cases[3]).toMatchObject({
      '@classname': 'clusterip',
      '@name': 'clusterip/4 [B05] A thousand requests spread evenly',
      '@time': '0.520',
    });
    expect(cases[3]?.properties.property).toContainEqual({ '@name': 'claims', '@value': 'B05' });
  });

  it('tells a failure with what was expected, what was seen, why and the proof', () => {
    const failure = cases[6]?.failure;
    expect(failure?.['@message']).toBe(
      'pod@raspi002: outcome: expected refused; observed timeout: Connection timed out after 4001 milliseconds (and 1 more)',
    );
    expect(failure?.['#text']).toContain('Nobody answered at all');
    expect(failure?.['#text']).toContain('pod@raspi003');
    expect(failure?.['#text']).toContain('$ curl -sS --connect-timeout 4');
    expect(failure?.['#text']).toContain('* closing connection\t13');
    expect(failure?.['#text']).toContain('playbooks/clusterip.yaml:72');
  });

  it('tells what could not be measured as an error, and why a step was skipped', () => {
    expect(cases[7]?.error?.['@type']).toBe('inconclusive');
    expect(cases[7]?.failure).toBeUndefined();
    expect(cases[9]?.skipped?.['@message']).toBe('holds in proxy mode nftables; this cluster runs iptables');
  });

  it.each([
    ['interrupted', stateAfter(sampleRun({ ending: 'interrupted' })), 'interrupted'],
    ['broken', stateAfter(sampleRun({ ending: 'broken' })), 'CLUSTER_UNREACHABLE: https://192.168.11.101:6443'],
    ['cut', stateAfter(sampleRun().slice(0, 20)), 'the record ends in the middle of the run'],
    ['empty', initialState(), 'the record is empty'],
  ])('never lets a run that is %s pass for a good one', (_name, state, message) => {
    const suites = parsed(junitReport(state)).testsuites;
    const whole = suites.testsuite.at(-1)?.testcase[0];
    expect(whole?.error?.['@message']).toContain(message);
    const errors = suites.testsuite.flatMap((suite) => suite.testcase).filter((each) => each.error !== undefined);
    expect(suites['@errors']).toBe(String(errors.length));
  });
});

describe('XML', () => {
  // XML 1.0, section 2.2.
  const legal = (text: string): string =>
    text.replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\ufffd');
  // Unpaired surrogates too: output may be cut anywhere.
  const anything = fc
    .array(
      fc.oneof(
        fc.integer({ min: 0, max: 0xffff }),
        fc.constantFrom(...'<>&"\'\r\n\t]]>'.split('').map((c) => c.charCodeAt(0))),
      ),
    )
    .map((codes) => String.fromCharCode(...codes));

  it('gives any text back, with a mark for what XML cannot hold', () => {
    fc.assert(
      fc.property(anything, anything, (attribute, text) => {
        const { xml } = element('e', { a: attribute }, xmlText(`.${text}.`));
        expect(XMLValidator.validate(xml)).toBe(true);
        expect(legal(xml)).toBe(xml);
        const parser = new XMLParser({
          ignoreAttributes: false,
          parseTagValue: false,
          parseAttributeValue: false,
          trimValues: false,
          htmlEntities: true,
          processEntities: { enabled: true, maxTotalExpansions: 100_000, maxEntityCount: 100_000 },
        });
        const { e } = parser.parse(xml) as { e: { '#text': string; '@_a': string } };
        expect(e['#text']).toBe(`.${legal(text)}.`);
        expect(e['@_a']).toBe(legal(attribute));
      }),
      { numRuns: 300 },
    );
  });
});
