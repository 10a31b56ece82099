import { describe, expect, it } from 'vitest';
import { variablesFindings } from '../../src/check/variables.js';
import type { LiveObject } from '../../src/model/object.js';
import { serviceVariables } from '../../src/model/service-variables.js';

const service = (name: string, spec: object): LiveObject => ({ metadata: { name }, spec });
const CLUSTERIP = service('sample-clusterip', {
  clusterIP: '10.97.118.49',
  ports: [{ name: 'http-port', port: 8080, protocol: 'TCP' }],
});
const MULTI = service('sample-clusterip-multi', {
  clusterIP: '10.97.118.50',
  ports: [
    { name: 'http-port', port: 8080, protocol: 'TCP' },
    { name: 'https-port', port: 8443, protocol: 'TCP' },
  ],
});

/** As `printenv` showed them on a 1.34 cluster. */
const EIGHT = `SAMPLE_CLUSTERIP_SERVICE_HOST=10.97.118.49
SAMPLE_CLUSTERIP_SERVICE_PORT=8080
SAMPLE_CLUSTERIP_SERVICE_PORT_HTTP_PORT=8080
SAMPLE_CLUSTERIP_PORT=tcp://10.97.118.49:8080
SAMPLE_CLUSTERIP_PORT_8080_TCP=tcp://10.97.118.49:8080
SAMPLE_CLUSTERIP_PORT_8080_TCP_PROTO=tcp
SAMPLE_CLUSTERIP_PORT_8080_TCP_PORT=8080
SAMPLE_CLUSTERIP_PORT_8080_TCP_ADDR=10.97.118.49
`;
const printed = (of: LiveObject): string =>
  Object.entries(serviceVariables(of))
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');

function judge(expected: { of?: string[]; noneOf?: string[] }, stdout: string, ...live: LiveObject[]): string[] {
  const services = new Map(live.map((each) => [each.metadata?.name ?? '', each]));
  return variablesFindings(expected, stdout, services).map(({ verdict, observed }) => `${verdict}: ${observed}`);
}

describe('the variables of a Service', () => {
  it('are these eight for one named port, these thirteen for two', () => {
    expect(printed(CLUSTERIP).split('\n').sort()).toEqual(EIGHT.split('\n').sort());
    expect(Object.keys(serviceVariables(MULTI))).toHaveLength(13);
    expect(serviceVariables(MULTI)).toMatchObject({
      SAMPLE_CLUSTERIP_MULTI_SERVICE_PORT: '8080',
      SAMPLE_CLUSTERIP_MULTI_SERVICE_PORT_HTTPS_PORT: '8443',
      SAMPLE_CLUSTERIP_MULTI_PORT_8443_TCP: 'tcp://10.97.118.50:8443',
    });
  });

  it('are none without a cluster IP', () => {
    expect(serviceVariables(service('a', { clusterIP: 'None', ports: [{ port: 80 }] }))).toEqual({});
    expect(serviceVariables(service('a', { type: 'ExternalName', externalName: 'x.example.com' }))).toEqual({});
  });

  it('must be all there, right, and no more', () => {
    const of = ['sample-clusterip'];
    expect(judge({ of }, `PATH=/bin\n${EIGHT}`, CLUSTERIP)).toEqual(['passed: 8 right']);
    const other = EIGHT.replace('SERVICE_PORT=8080', 'SERVICE_PORT=80').replace(/.*_PROTO=tcp\n/, '');
    expect(judge({ of }, other, CLUSTERIP)).toEqual([
      'failed: 6 right (missing SAMPLE_CLUSTERIP_PORT_8080_TCP_PROTO; wrong SAMPLE_CLUSTERIP_SERVICE_PORT=80)',
    ]);
    expect(judge({ of }, `${EIGHT}SAMPLE_CLUSTERIP_SERVICE_PORT_HTTPS_PORT=8443\n`, CLUSTERIP)).toEqual([
      'failed: 8 right (extra SAMPLE_CLUSTERIP_SERVICE_PORT_HTTPS_PORT)',
    ]);
    expect(judge({ of }, 'PATH=/bin\n', CLUSTERIP)[0]).toMatch(/^failed: 0 right \(missing /);
  });

  it('of a longer name are another Service’s', () => {
    expect(judge({ of: ['sample-clusterip'] }, EIGHT + printed(MULTI), CLUSTERIP)).toEqual(['passed: 8 right']);
    expect(judge({ noneOf: ['sample-clusterip'] }, printed(MULTI), CLUSTERIP)).toEqual(['passed: none']);
  });

  it('must be absent where nobody should know them', () => {
    expect(judge({ noneOf: ['sample-clusterip'] }, 'PATH=/bin\n', CLUSTERIP)).toEqual(['passed: none']);
    expect(judge({ noneOf: ['sample-clusterip'] }, EIGHT, CLUSTERIP)[0]).toMatch(/^failed: SAMPLE_CLUSTERIP_SERVICE/);
  });

  it('cannot be judged of a Service that is not there, of an empty output, or when none is named', () => {
    expect(judge({ of: ['a'] }, EIGHT)).toEqual(['inconclusive: Service a does not exist now']);
    expect(judge({ noneOf: ['a'] }, EIGHT)).toEqual(['inconclusive: Service a does not exist now']);
    expect(judge({ noneOf: ['sample-clusterip'] }, '', CLUSTERIP)[0]).toMatch(/^inconclusive/);
    expect(judge({}, EIGHT)[0]).toMatch(/^inconclusive/);
    const headless = service('a', { clusterIP: 'None' });
    expect(judge({ of: ['a'] }, EIGHT, headless)[0]).toMatch(/^inconclusive/);
  });
});
