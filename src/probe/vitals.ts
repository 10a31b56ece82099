/**
 * How a machine feels: asked for with one command, so that a refresh costs one SSH exec. `vcgencmd` is the Raspberry Pi
 * firmware's tool; without it temperature comes from the kernel and power is unknown.
 */
export const VITALS_ARGV: readonly string[] = [
  'sh',
  '-c',
  [
    'echo @throttled; vcgencmd get_throttled 2>/dev/null',
    'echo @temp; vcgencmd measure_temp 2>/dev/null',
    'echo @thermal; cat /sys/class/thermal/thermal_zone0/temp 2>/dev/null',
    'echo @load; cat /proc/loadavg',
    'echo @cpus; nproc',
    'echo @memory; cat /proc/meminfo',
    'echo @disk; df -P /',
    'echo @end',
  ].join('\n'),
];

/** What the firmware holds against power or heat. */
export const STRAINS = ['under-voltage', 'frequency-capped', 'throttled', 'soft-temperature-limit'] as const;
export type Strain = (typeof STRAINS)[number];

/** Strains now, and since the machine started. */
export interface Throttled {
  readonly now: readonly Strain[];
  readonly sinceBoot: readonly Strain[];
}

/** A part used of a whole, in KiB. */
export interface Share {
  readonly used: number;
  readonly total: number;
}

export interface Vitals {
  /** °C; undefined: the machine does not say. */
  readonly temperature: number | undefined;
  /** undefined: no Raspberry Pi firmware answers. */
  readonly throttled: Throttled | undefined;
  /** Mean run queue over 1, 5 and 15 minutes. */
  readonly load: readonly [number, number, number] | undefined;
  readonly cpus: number | undefined;
  readonly memory: Share | undefined;
  /** Of the root file system. */
  readonly disk: Share | undefined;
}

/** Takes the output of {@link VITALS_ARGV} apart; undefined when it ends before its end mark. */
export function parseVitals(output: string): Vitals | undefined {
  const sections = new Map<string, string>();
  for (const part of output.split(/^@/m).slice(1)) {
    const [name = '', ...rest] = part.split('\n');
    sections.set(name.trim(), rest.join('\n').trim());
  }
  if (!sections.has('end')) return undefined;
  const section = (name: string): string => sections.get(name) ?? '';
  const cpus = Number.parseInt(section('cpus'), 10);
  return {
    temperature: parseTemperature(section('temp'), section('thermal')),
    throttled: parseThrottled(section('throttled')),
    load: parseLoad(section('load')),
    cpus: cpus > 0 ? cpus : undefined,
    memory: parseMemory(section('memory')),
    disk: parseDisk(section('disk')),
  };
}

/**
 * `throttled=0x50005`: bits 0 to 3 hold now, bits 16 to 19 have held since boot (Raspberry Pi documentation, vcgencmd
 * get_throttled). Undefined: it is no such line.
 */
export function parseThrottled(line: string): Throttled | undefined {
  const hex = /^throttled=0x([0-9a-f]+)$/i.exec(line.trim())?.[1];
  if (hex === undefined) return undefined;
  const bits = Number.parseInt(hex, 16);
  const at = (offset: number): Strain[] => STRAINS.filter((_, bit) => ((bits >>> (bit + offset)) & 1) === 1);
  return { now: at(0), sinceBoot: at(16) };
}

/** `temp=48.3'C` of the firmware; else the kernel's thousandths of a degree. */
function parseTemperature(firmware: string, kernel: string): number | undefined {
  const told = /^temp=(-?\d+(?:\.\d+)?)/.exec(firmware)?.[1];
  if (told !== undefined) return Number.parseFloat(told);
  return /^-?\d+$/.test(kernel) ? Number.parseInt(kernel, 10) / 1000 : undefined;
}

function parseLoad(line: string): Vitals['load'] {
  const match = /^(\d+\.\d+) (\d+\.\d+) (\d+\.\d+) /.exec(line);
  if (match === null) return undefined;
  return [Number(match[1]), Number(match[2]), Number(match[3])];
}

/** proc(5): MemAvailable is what programs could still get; MemFree leaves caches out and always looks alarming. */
function parseMemory(text: string): Share | undefined {
  const of = (name: string): number | undefined => {
    const value = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
    return value === undefined ? undefined : Number.parseInt(value, 10);
  };
  const [total, available] = [of('MemTotal'), of('MemAvailable')];
  return total === undefined || available === undefined ? undefined : { used: total - available, total };
}

/** POSIX `df -P`: one line a file system, 1024-byte blocks (GNU and BusyBox), or as the header says. */
function parseDisk(text: string): Share | undefined {
  const [header = '', line = ''] = text.split('\n');
  const match = /\s(\d+)\s+(\d+)\s+(\d+)\s+\d+%\s+\/$/.exec(line);
  if (match === null) return undefined;
  // With POSIXLY_CORRECT the blocks have 512 bytes.
  const unit = header.includes('512') ? 0.5 : 1;
  const [used, available] = [Number(match[2]) * unit, Number(match[3]) * unit];
  // What root keeps for itself is neither used nor free; df counts its percentage in the same way.
  return { used, total: used + available };
}
