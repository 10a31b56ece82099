import { describe, expect, it } from 'vitest';
import { criticalPath } from '../../src/event/critical-path.js';
import { initialState, reduce } from '../../src/event/state.js';
import { runOf, type Draft } from './side-by-side.js';

/** `name seconds`, and what it waited for. */
function path(drafts: Readonly<Record<string, Draft>>): string[] {
  return criticalPath(runOf(drafts).reduce(reduce, initialState())).map(
    ({ playbook, durationMs, waitedFor }) =>
      `${playbook} ${durationMs / 1000}${waitedFor === undefined ? '' : ` ${waitedFor}`}`,
  );
}

describe('the critical path', () => {
  it('is the longest playbook alone when all began at once', () => {
    expect(path({ a: { at: [1, 10, 15] }, b: { at: [1, 40, 46] }, c: { at: [1, 20, 25] } })).toEqual(['b 45']);
  });

  it('goes back to the playbook whose slot the last one got, when its steps were over', () => {
    expect(path({ a: { at: [1, 30, 36] }, b: { at: [1, 10, 16] }, c: { at: [10, 50, 55] } })).toEqual(['b 9', 'c 45']);
  });

  it('goes back to the playbook whose lock it needed, clean-up included', () => {
    const locks = ['nodePort 30080'];
    const drafts = { a: { at: [1, 20, 26], locks }, b: { at: [1, 10, 16] }, c: { at: [26, 50, 55], locks } } as const;
    expect(path(drafts)).toEqual(['a 25', 'c 29 nodePort 30080']);
  });

  it('names the longest steps first', () => {
    const steps = { Apply: 1, 'Wait twelve seconds': 12, Probe: 4, Check: 0.1 };
    const [link] = criticalPath(runOf({ a: { at: [0, 20, 25], steps } }).reduce(reduce, initialState()));
    expect(link?.steps.map(({ info }) => info.title.en)).toEqual(['Wait twelve seconds', 'Probe', 'Apply']);
  });

  it('is empty before anything has ended', () => {
    expect(criticalPath(initialState())).toEqual([]);
    expect(
      criticalPath(
        runOf({ a: { at: [0, 20, 25] } })
          .slice(0, 3)
          .reduce(reduce, initialState()),
      ),
    ).toEqual([]);
  });
});
