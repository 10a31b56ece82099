import { describe, expect, it } from 'vitest';
import { judgeHttp } from '../../src/check/http.js';
import { judgeTogether, speaksOfAll, type PlaceSeen } from '../../src/check/over-time.js';
import { answer, failure, http } from './requests.js';

const seen = (place: string, ...pods: string[]): PlaceSeen => ({
  place,
  observation: http(...pods.map((pod) => answer(pod))),
});
const [a, b] = ['http://192.168.66.11:30084/', 'http://192.168.66.12:30084/'];

describe('answers over time at one place', () => {
  const steady = (...requests: ReturnType<typeof answer>[]) =>
    judgeHttp({ changes: 'none' }, http(...requests)).findings.find(({ what }) => what === 'changes');

  it('are steady when each URL keeps its pod, and not when one changes', () => {
    const at = (url: string, pod: string) => answer(pod, { url });
    expect(steady(at(a, 'x'), at(b, 'y'), at(a, 'x'), at(b, 'y'))).toMatchObject({
      verdict: 'passed',
      observed: '2 × the same pod at each of 2 URLs',
    });
    expect(steady(at(a, 'x'), at(b, 'y'), at(a, 'x'), at(b, 'x'))).toMatchObject({
      verdict: 'failed',
      observed: `${b}: y, then x at request 2 of 2`,
    });
  });

  it('say nothing when there is only one of each URL', () => {
    expect(steady(answer('x'))?.verdict).toBe('inconclusive');
  });
});

describe('all places together', () => {
  it('are judged only where the expectation speaks of them', () => {
    expect(
      [{ across: 'several' }, { changes: 'some' }, { urlsDiffer: true }].map((e) => speaksOfAll(e as object)),
    ).toEqual([true, true, true]);
    expect(speaksOfAll({ changes: 'none', status: 200 })).toBe(false);
  });

  it('were sent to several pods, or to the same', () => {
    const differ = [seen('p1', 'x', 'x'), seen('p2', 'y', 'y')];
    expect(judgeTogether({ across: 'several' }, differ)).toMatchObject({
      verdict: 'passed',
      findings: [{ observed: '1 × x, 1 × y' }],
    });
    expect(judgeTogether({ across: 'same' }, differ).verdict).toBe('failed');
    const equal = [seen('p1', 'x', 'y'), seen('p2', 'x')];
    expect(judgeTogether({ across: 'several' }, equal).verdict).toBe('failed');
    expect(judgeTogether({ across: 'same' }, equal).verdict).toBe('passed');
  });

  it('got another pod later, at least at one of them', () => {
    expect(judgeTogether({ changes: 'some' }, [seen('p1', 'x', 'x'), seen('p2', 'x', 'y')])).toMatchObject({
      verdict: 'passed',
      findings: [{ observed: '1 of 2 got another pod later' }],
    });
    const steady = judgeTogether({ changes: 'some' }, [seen('p1', 'x', 'x')], { namespace: 'n', service: 'web' });
    expect(steady.verdict).toBe('failed');
    expect(steady.next[0]?.en).toContain('kubectl -n n describe service web');
  });

  it('got different pods at different URLs in one round, which is not the same as a change over time', () => {
    const place = (...rounds: [string, string][]): PlaceSeen => ({
      place: 'p',
      observation: http(...rounds.flatMap(([x, y]) => [answer(x, { url: a }), answer(y, { url: b })])),
    });
    expect(judgeTogether({ urlsDiffer: true }, [place(['x', 'x'], ['x', 'y'])]).verdict).toBe('passed');
    expect(judgeTogether({ urlsDiffer: true }, [place(['x', 'x'], ['y', 'y'])]).verdict).toBe('failed');
  });

  it('leave it open when a place that might have shown it could not be measured or did not answer', () => {
    const missing: PlaceSeen = { place: 'p9', observation: undefined };
    const refused: PlaceSeen = { place: 'p8', observation: http(failure('refused')) };
    expect(judgeTogether({ changes: 'some' }, [seen('p1', 'x', 'x'), missing])).toMatchObject({
      verdict: 'inconclusive',
      findings: [{ observed: expect.stringContaining('no answer at p9') as string }],
    });
    expect(judgeTogether({ changes: 'some' }, [seen('p1', 'x', 'y'), missing]).verdict).toBe('passed');
    expect(judgeTogether({ across: 'same' }, [seen('p1', 'x'), refused]).verdict).toBe('inconclusive');
    expect(judgeTogether({ across: 'same' }, [seen('p1', 'x'), seen('p2', 'y'), refused]).verdict).toBe('failed');
  });
});
