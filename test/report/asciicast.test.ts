import { describe, expect, it } from 'vitest';
import { castHeader, castLine } from '../../src/report/asciicast.js';

describe('an asciicast v3', () => {
  it('begins with the terminal and the time', () => {
    const line = castHeader({ cols: 80, rows: 24, type: 'xterm' }, 1_780_000_000, 'pilab walk clusterip');
    expect(JSON.parse(line)).toEqual({
      version: 3,
      term: { cols: 80, rows: 24, type: 'xterm' },
      timestamp: 1_780_000_000,
      title: 'pilab walk clusterip',
    });
    expect(line).toMatch(/^[^\n]+\n$/);
  });

  it('counts seconds since the event before, and writes each event on a line of its own', () => {
    expect(castLine(1250, { code: 'o', text: 'a\nb\r\nc' })).toBe('[1.25,"o","a\\r\\nb\\r\\nc"]\n');
    expect(castLine(0, { code: 'm', label: 'clusterip/7 図' })).toBe('[0,"m","clusterip/7 図"]\n');
    expect(castLine(3, { code: 'r', cols: 90, rows: 30 })).toBe('[0.003,"r","90x30"]\n');
    expect(castLine(3, { code: 'x', status: 130 })).toBe('[0.003,"x","130"]\n');
  });
});
