import type { Finding } from '../event/event.js';
import type { LiveObject } from '../model/object.js';
import { isVariableOf, serviceVariables } from '../model/service-variables.js';
import type { CommandExpectation } from '../playbook/schema.js';
import type { Text } from '../text.js';
import { few, finding, undecided } from './judged.js';

const WHY = {
  wrong: {
    en: 'The kubelet writes these variables once, when the container starts: it started before the Service had this shape, or the pod has enableServiceLinks: false.',
    ja: 'これらの変数は、コンテナ起動時に kubelet が一度だけ書きます。Service より先に起動したか、enableServiceLinks: false です。',
  },
  present: {
    en: 'The container has variables of a Service that it should know nothing of: it started after the Service, in its namespace, with service links on.',
    ja: '知らないはずの Service の変数があります。Service より後に、同じ Namespace で、enableServiceLinks が有効なまま起動しています。',
  },
} satisfies Record<string, Text>;

/**
 * The output of `printenv` beside the variables that live Services give (claims D01 to D07).
 * @param services Those that are named, by name; one that does not exist is undefined.
 */
export function variablesFindings(
  expect: NonNullable<CommandExpectation['variables']>,
  stdout: string,
  services: ReadonlyMap<string, LiveObject | undefined>,
): Finding[] {
  const seen = parseVariables(stdout);
  const names = [...(expect.of ?? []), ...(expect.noneOf ?? [])];
  if (names.length === 0) return [undecided('variables', 'a Service to look for', 'the step names none')];
  // A container without any variable, PATH included, is no container: nothing was read.
  if (seen.size === 0) return [undecided('variables', few(names), 'the output holds no variable at all')];
  return names.map((name, index) => {
    const service = services.get(name);
    const none = index >= (expect.of ?? []).length;
    if (service === undefined) return undecided('variables', name, `Service ${name} does not exist now`);
    return none ? noneFinding(name, seen) : allFinding(name, service, seen);
  });
}

/** `NAME=value` lines; a value with line breaks continues on lines without a name. */
function parseVariables(text: string): Map<string, string> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const [, name, value = ''] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, value] as const];
    }),
  );
}

function allFinding(name: string, service: LiveObject, seen: ReadonlyMap<string, string>): Finding {
  const wanted = Object.entries(serviceVariables(service));
  const what = `variables of ${name}`;
  if (wanted.length === 0) return undecided(what, 'some', `${name} has no cluster IP with a port, so it gives none`);
  const missing = wanted.filter(([key]) => !seen.has(key)).map(([key]) => key);
  const wrong = wanted.filter(([key, value]) => seen.has(key) && seen.get(key) !== value);
  const extra = [...seen.keys()].filter((key) => isVariableOf(name, key) && !wanted.some(([each]) => each === key));
  const trouble = [
    ...(missing.length > 0 ? [`missing ${few(missing)}`] : []),
    ...(wrong.length > 0 ? [`wrong ${few(wrong.map(([key]) => `${key}=${seen.get(key) ?? ''}`))}`] : []),
    ...(extra.length > 0 ? [`extra ${few(extra)}`] : []),
  ];
  const right = wanted.length - missing.length - wrong.length;
  const observed = `${right} right${trouble.length > 0 ? ` (${trouble.join('; ')})` : ''}`;
  return finding(
    what,
    `exactly ${wanted.length}: ${few(
      wanted.map(([key]) => key),
      3,
    )}`,
    observed,
    trouble.length === 0,
    WHY.wrong,
  );
}

function noneFinding(name: string, seen: ReadonlyMap<string, string>): Finding {
  const own = [...seen.keys()].filter((key) => isVariableOf(name, key));
  return finding(`variables of ${name}`, 'none', few(own), own.length === 0, WHY.present);
}
