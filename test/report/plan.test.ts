import { describe, expect, it } from 'vitest';
import stringWidth from 'string-width';
import { printPlan } from '../../src/report/plan.js';
import { PLAYBOOK } from '../event/sample.js';

const alone = { jobs: 3, order: ['clusterip'] };
const screen = { columns: 80, color: false, unicode: true, tty: false };

describe('the plan in words', () => {
  it.each(['en', 'ja'] as const)('lists every step with what a person would type (%s)', async (lang) => {
    const text = printPlan([PLAYBOOK], alone, screen, lang);
    await expect(text).toMatchFileSnapshot(`snapshots/plan-${lang}.txt`);
    for (const { command } of PLAYBOOK.steps) expect(text).toContain(`$ ${command.slice(0, 40)}`);
    expect(text.split('\n').filter((line) => stringWidth(line) > 80)).toEqual([]);
  });

  it('lets no control code of a playbook reach the terminal', () => {
    const [step] = PLAYBOOK.steps;
    const title = { en: 'a\u0007b\u001b[2J', ja: '' };
    const text = printPlan(
      [{ ...PLAYBOOK, title, steps: [{ ...step!, title, command: title.en }] }],
      alone,
      screen,
      'en',
    );
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(text).toContain('$ a\ufffdb');
  });

  it('tells what each playbook keeps for itself, and in which order they would be started', () => {
    const names = ['dns', 'nodeport'];
    const two = names.map((name) => ({ ...PLAYBOOK, name, locks: name === 'dns' ? [] : ['nodePort 30080', 'pool'] }));
    const order = [...names].reverse();
    const text = printPlan(two, { jobs: 3, order }, screen, 'en');
    expect(text.match(/^not beside others that use: .*$/gm)).toEqual([
      'not beside others that use: nodePort 30080, pool',
    ]);
    expect(text).toContain('started in this order, 2 at once: nodeport, dns');
    expect(printPlan(two, { jobs: 1, order }, screen, 'en')).not.toContain('in this order');
  });
});
