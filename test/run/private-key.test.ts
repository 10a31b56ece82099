import { describe, expect, it } from 'vitest';
import { loadPlaybooks } from '../../src/playbook/library.js';
import { library } from '../playbook/folders.js';
import { Rejection } from '../../src/ports/cluster.js';
import { MemoryCluster } from './memory-cluster.js';
import { playbookOf, runOn, verdicts } from './world.js';

const SECRET = `apiVersion: v1
kind: Secret
metadata: { name: tls-sample }
type: kubernetes.io/tls
stringData: { tls.crt: '', tls.key: '' }
`;

const STEPS = `
  - apply: secret.yaml
    set:
      stringData["tls.crt"]: "\${certificate/sample.example.com.crt}"
      stringData["tls.key"]: "\${certificate/sample.example.com.key}"
  - check: O11
    object: secret/tls-sample
    fields: { 'stringData["tls.key"]': none, type: kubernetes.io/tls }
  - save: got
    values: { secret: "\${secret/tls-sample.stringData}" }
  - try: O11
    apply: secret.yaml
    set: { type: refuse-me, 'stringData["tls.key"]': "\${certificate/sample.example.com.key}" }
    expect: { rejected: accepted nevertheless }
`;

describe('the private key of a certificate', () => {
  it('reaches the API server, and no event: not when the object is shown, nor when the server quotes it', async () => {
    const folders = await library({ 'playbooks/p0.yaml': playbookOf(STEPS), 'manifests/secret.yaml': SECRET });
    const cluster = new MemoryCluster();
    let key = '';
    const apply = cluster.apply.bind(cluster);
    cluster.apply = (object, options) => {
      const data = object['stringData'] as Record<string, string> | undefined;
      key = data?.['tls.key'] ?? key;
      if (object['type'] !== 'refuse-me') return apply(object, options);
      throw new Rejection(422, 'Invalid', `Secret is invalid: ${JSON.stringify(object)}`);
    };
    const told = await runOn(await loadPlaybooks(['p0'], folders), cluster);
    expect(key).toContain('PRIVATE KEY');
    expect(verdicts(told)).toEqual(['1 passed', '2 failed', '3 passed', '4 failed']);
    const record = JSON.stringify(told.events);
    expect(record).toContain('Secret is invalid');
    for (const line of key.split('\n').slice(1, -2)) expect(record).not.toContain(line);
    expect(record).not.toContain('PRIVATE KEY');
  });
});
