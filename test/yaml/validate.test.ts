import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { nearest } from '../../src/yaml/nearest.js';
import { formatProblems } from '../../src/yaml/problem.js';
import { parseYaml, positionOf } from '../../src/yaml/source.js';
import { validate } from '../../src/yaml/validate.js';

const schema = z.strictObject({
  name: z.string(),
  hosts: z.array(
    z.union([
      z.string(),
      z.strictObject({ address: z.string(), role: z.enum(['control-plane', 'worker']).optional() }),
    ]),
  ),
  limits: z.record(z.string(), z.number()).optional(),
  wait: z
    .string()
    .regex(/^\d+s$/, 'a duration such as 5s')
    .optional(),
});

function problemsOf(text: string): string[] {
  const { documents, problems } = parseYaml('f.yaml', text);
  const found = documents.flatMap((document) => validate(schema, document).problems);
  return formatProblems([...problems, ...found]).split('\n');
}

describe('validate', () => {
  it('gives the typed value of a right file and no problems', () => {
    const { documents } = parseYaml('f.yaml', 'name: a\nhosts: [b]\n');
    expect(validate(schema, documents[0]!)).toEqual({ value: { name: 'a', hosts: ['b'] }, problems: [] });
  });

  it('reports every mistake at once, in order, each at its place', () => {
    const text = [
      'nmae: a',
      'hosts:',
      '  - adress: x',
      '  - address: y',
      '    role: wroker',
      '  - 5',
      'wait: 5',
      'limits:',
      '  80: x',
    ].join('\n');
    expect(problemsOf(text)).toEqual([
      'f.yaml:1:1: unknown key "nmae"; did you mean "name"?',
      'f.yaml:3:5: unknown key "adress"; did you mean "address"?',
      'f.yaml:5:11: role: "wroker" is not one of control-plane, worker; did you mean "worker"?',
      'f.yaml:6:5: hosts: expected text or a map, found 5',
      'f.yaml:7:7: wait: expected text, found 5',
      'f.yaml:9:7: 80: expected a number, found "x"',
    ]);
  });

  it('says which key is missing, and where', () => {
    expect(problemsOf('hosts:\n  - role: worker\n')).toEqual([
      'f.yaml:1:1: missing key "name"; expected text',
      'f.yaml:2:5: missing key "address"; expected text',
    ]);
  });

  it('lists the known keys when none is near', () => {
    expect(problemsOf('name: a\nhosts: []\ncolour: red\n')).toEqual([
      'f.yaml:3:1: unknown key "colour"; known: name, hosts, limits, wait',
    ]);
  });

  it('says what a text should look like', () => {
    expect(problemsOf('name: a\nhosts: []\nwait: soon\n')).toEqual([
      'f.yaml:3:7: wait: "soon" is not valid; expected a duration such as 5s',
    ]);
  });

  it('checks a part of a document at its place', () => {
    const { documents } = parseYaml('f.yaml', 'steps:\n  - { a: 1 }\n  - { b: 1 }\n');
    const { problems } = validate(z.strictObject({ a: z.number() }), documents[0]!, ['steps', 1]);
    expect(problems.map(({ line, column }) => `${line}:${column}`)).toEqual(['3:5', '3:7']);
  });
});

describe('parseYaml', () => {
  it('reports syntax mistakes and duplicate keys with their place', () => {
    expect(problemsOf('name: a\nname: b\nhosts: [\n')).toEqual([
      'f.yaml:2:1: Map keys must be unique',
      expect.stringMatching(/^f\.yaml:4:1: /) as string,
    ]);
  });

  it('refuses aliases that multiply without end', () => {
    const bomb = ['a: &a [1,1,1,1,1,1,1,1,1]'];
    for (const [from, to] of ['a-b', 'b-c', 'c-d', 'd-e'].map((pair) => pair.split('-')))
      bomb.push(`${to!}: &${to!} [${Array(9).fill(`*${from!}`).join(',')}]`);
    expect(parseYaml('f.yaml', bomb.join('\n'))).toMatchObject({ documents: [], problems: [{ file: 'f.yaml' }] });
  });

  it('finds places through aliases and in later documents', () => {
    const { documents } = parseYaml('f.yaml', 'a: &x { b: 1 }\nc: *x\n---\nd:\n  - e\n');
    expect(positionOf(documents[0]!, ['c', 'b'])).toEqual({ file: 'f.yaml', line: 1, column: 12 });
    expect(positionOf(documents[1]!, ['d', 0])).toEqual({ file: 'f.yaml', line: 5, column: 5 });
  });
});

describe('nearest', () => {
  it.each([
    ['adress', 'address'],
    ['hsots', 'hosts'],
    ['Hosts', 'hosts'],
    ['xyzzy', undefined],
    ['os', undefined],
  ])('of %s is %s', (word, expected) => {
    expect(nearest(word, ['hosts', 'address', 'user', 'no'])).toBe(expected);
  });
});
