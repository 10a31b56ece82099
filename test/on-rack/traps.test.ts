import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stepsThat, verify, type Run } from './rack.js';

/** What makes a careless probe lie; each was met on a real cluster (observed.md). */
const TRAPS = `
playbook: traps
title: Traps
steps:
  - apply: [sample-deployment.yaml, sample-clusterip-mismatch.yaml]
  - wait: deployment/sample-deployment
    is: ready
  - wait: service/sample-clusterip-mismatch
    is: empty
  - title: Patient, all are refused
    probe: B11
    from: pod
    curl: { url: 'http://\${service/sample-clusterip-mismatch.clusterIP}:8080/', times: 6 }
    expect: { outcome: refused }
  - save: between
    values: { vip: '\${service/sample-clusterip-mismatch.clusterIP}' }
  - title: In haste, refusals look like silence
    probe: B11
    from: pod
    curl: { url: 'http://\${saved.between.vip}:8080/', times: 20, connectTimeout: 200ms }
    expect: { outcome: [refused, timeout] }
  - title: Nobody has this address
    probe: B07
    from: pod
    curl: { url: 'http://192.168.66.99:80/' }
    expect: { outcome: no-route }
  - title: A Service that has just been made
    apply: sample-clusterip.yaml
  - wait: service/sample-clusterip
    is: serving
  - title: After the wait, nothing is lost
    probe: B10
    from: pod@all
    curl: { url: 'http://\${service/sample-clusterip.clusterIP}:8080/', times: 200 }
    expect: { status: 200, spread: all, of: sample-clusterip }
`;

describe('the traps of a real cluster', () => {
  let run: Run;

  it('are passed by probes that know them', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'pilab-')), 'traps.yaml');
    writeFileSync(file, TRAPS);
    run = await verify([file]);
    expect([...stepsThat(run, 'failed'), ...stepsThat(run, 'inconclusive')]).toEqual([]);
    expect(run.exitCode).toBe(0);
  });

  it('refusals come by ICMP, which is rate-limited: a limit of 200 ms reads most of them as silence', () => {
    const seen = outcomes(run, 'In haste, refusals look like silence');
    expect(seen.filter((outcome) => outcome === 'timeout').length).toBeGreaterThan(3);
    expect(new Set(outcomes(run, 'Patient, all are refused'))).toEqual(new Set(['refused']));
  });

  it('how long a new Service took to be served everywhere is measured', () => {
    const places = run.events.flatMap((event) =>
      event.type === 'measured' && event.what.startsWith('serving pod@') ? [event.what] : [],
    );
    expect(places.sort()).toEqual(['serving pod@raspi001', 'serving pod@raspi002', 'serving pod@raspi003']);
  });
});

function outcomes(run: Run, title: string): string[] {
  const start = run.events.find((event) => event.type === 'run-started');
  const id = start?.playbooks.flatMap(({ steps }) => steps).find((step) => step.title.en === title)?.id;
  const seen = run.events.find((event) => event.type === 'observed' && event.step === id);
  const observation = seen?.type === 'observed' ? seen.observation : undefined;
  return observation?.kind === 'http' ? observation.requests.map(({ outcome }) => outcome) : [];
}
