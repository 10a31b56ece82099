import { describe, expect, it } from 'vitest';
import { spreadOf } from '../../src/check/spread.js';
import { matrixLines } from '../../src/report/matrix.js';
import { viewOf } from '../../src/report/view.js';
import stringWidth from 'string-width';

const PODS = ['sample-deployment-6cb78c89c8-2xk7p', 'sample-deployment-6cb78c89c8-h9wvl'];
const answers = (a: number, b: number): string[] => [
  ...Array.from({ length: a }, () => PODS[0]!),
  ...Array.from({ length: b }, () => PODS[1]!),
];
const lines = (matrix: Parameters<typeof matrixLines>[1], columns = 80): string[] =>
  matrixLines(viewOf({ columns, color: false, unicode: true, tty: false }, 'en'), matrix, 6);

describe('entries by backends', () => {
  it('are a row an entry and a column a pod; a pod that was none of an entry’s is no zero', () => {
    const matrix = [
      { entry: 'raspi001', spread: spreadOf(answers(20, 19), PODS) },
      { entry: 'raspi002', spread: spreadOf(answers(39, 0), [PODS[0]!]) },
    ];
    expect(lines(matrix)).toEqual([
      '      entry     …c89c8-2xk7p  …c89c8-h9wvl',
      '      raspi001            20            19',
      '      raspi002            39             -',
    ]);
  });

  it('are counts only where the columns do not fit', () => {
    const pods = Array.from({ length: 30 }, (_, index) => `pod-${String(index).padStart(2, '0')}-abcdef`);
    const shown = lines([{ entry: 'raspi001', spread: spreadOf(pods, pods) }]);
    expect(shown.join('\n')).toContain('raspi001 1+1+1');
    expect(shown.every((line) => stringWidth(line) <= 80)).toBe(true);
  });
});
