import { describe, expect, it } from 'vitest';
import { VITALS_ARGV, parseThrottled, parseVitals } from '../../src/probe/vitals.js';
import { runHere } from '../run/memory-cluster.js';

const PI = `@throttled
throttled=0x50005
@temp
temp=82.1'C
@thermal
48300
@load
0.42 0.38 0.31 1/234 5678
@cpus
4
@memory
MemTotal:        3884348 kB
MemFree:          123456 kB
MemAvailable:    2684348 kB
@disk
Filesystem     1024-blocks    Used Available Capacity Mounted on
/dev/root         30000000 9000000  20000000      32% /
@end
`;

describe('the vitals of a machine', () => {
  it('are read from one answer', () => {
    expect(parseVitals(PI)).toEqual({
      temperature: 82.1,
      throttled: { now: ['under-voltage', 'throttled'], sinceBoot: ['under-voltage', 'throttled'] },
      load: [0.42, 0.38, 0.31],
      cpus: 4,
      memory: { used: 1_200_000, total: 3_884_348 },
      disk: { used: 9_000_000, total: 29_000_000 },
    });
  });

  it('come from the kernel, and say nothing of power, where there is no firmware', () => {
    const other = PI.replace("temp=82.1'C\n", '').replace('throttled=0x50005\n', '');
    expect(parseVitals(other)).toMatchObject({ temperature: 48.3, throttled: undefined });
    expect(parseVitals(other.replace('48300\n', ''))).toMatchObject({ temperature: undefined });
  });

  it('are none when the answer was cut off', () => {
    expect(parseVitals(PI.replace('@end\n', ''))).toBeUndefined();
    expect(parseVitals('')).toBeUndefined();
  });

  it.each([
    ['throttled=0x0', [], []],
    ['throttled=0x1', ['under-voltage'], []],
    ['throttled=0x2', ['frequency-capped'], []],
    ['throttled=0x8', ['soft-temperature-limit'], []],
    ['throttled=0xf0000', [], ['under-voltage', 'frequency-capped', 'throttled', 'soft-temperature-limit']],
    ['throttled=0xE0008', ['soft-temperature-limit'], ['frequency-capped', 'throttled', 'soft-temperature-limit']],
  ])('tell %s', (line, now, sinceBoot) => {
    expect(parseThrottled(line)).toEqual({ now, sinceBoot });
  });

  it.each(['', 'throttled=', 'error=1 error_msg="Command not registered"'])('tell nothing of power by %j', (line) => {
    expect(parseThrottled(line)).toBeUndefined();
  });

  it('can be asked of a real machine', async () => {
    const { stdout } = await runHere(VITALS_ARGV);
    const vitals = parseVitals(stdout);
    expect(vitals?.memory?.total).toBeGreaterThan(0);
    expect(vitals?.disk?.total).toBeGreaterThan(0);
    expect(vitals?.load).toHaveLength(3);
    expect(vitals?.cpus).toBeGreaterThan(0);
  });
});
