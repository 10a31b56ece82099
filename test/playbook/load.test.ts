import { describe, expect, it } from 'vitest';
import { WEB, complaints, playbook, stepComplaints } from './folders.js';

describe('loading a playbook', () => {
  it('gives each step its kind, its place and what it expects by tool', async () => {
    const { steps, manifests, file } = await playbook(`
  - title: { en: Ask, ja: 尋ねる }
    probe: B04
    from: pod
    curl: { url: "http://web:8080/", connectTimeout: 5s }
    expect: { outcome: refused }
  - probe: [E02, E03]
    from: pod@each
    dig: { name: web, search: true }
    expect: { answers: [] }
  - probe: B22
    from: pod
    run: [ping, web]
    expect: { exit: 1 }
    when: { proxyMode: [iptables] }
    timeout: 2m
`);
    expect(steps).toEqual([
      { kind: 'apply', apply: ['web.yaml'], where: { file, line: 4, column: 5 } },
      {
        kind: 'probe',
        title: { en: 'Ask', ja: '尋ねる' },
        probe: ['B04'],
        from: 'pod',
        tool: 'curl',
        subject: { kind: 'curl', url: 'http://web:8080/', connectTimeout: 5000 },
        expect: { outcome: ['refused'] },
        where: { file, line: 5, column: 5 },
      },
      {
        kind: 'probe',
        probe: ['E02', 'E03'],
        from: 'pod@each',
        tool: 'dig',
        subject: { kind: 'dig', name: 'web', search: true },
        expect: { answers: [] },
        where: { file, line: 10, column: 5 },
      },
      {
        kind: 'probe',
        probe: ['B22'],
        from: 'pod',
        tool: 'run',
        subject: { kind: 'run', run: ['ping', 'web'] },
        expect: { exit: 1 },
        when: { proxyMode: ['iptables'] },
        timeout: 120_000,
        where: { file, line: 14, column: 5 },
      },
    ]);
    expect(manifests.get('web.yaml')?.map(({ kind }) => kind)).toEqual(['Service', 'Deployment']);
  });

  it('tells all mistakes of all files at once, each with its place and what would be right', async () => {
    const files = {
      'manifests/web.yaml': WEB,
      'manifests/broken.yaml': 'apiVersion: v1\nkind: Service\nmetadata: { nam: web }\n---\na: [\n',
      'manifests/empty.yaml': '# nothing\n',
      'playbooks/one.yaml': `playbook: One
titel: One
steps:
  - aply: web.yaml
  - apply: [wep.yaml, broken.yaml, empty.yaml]
  - wait: deployment/web
    is: redy
  - check: B01
    object: servce/web
    fields: { spec..type: ClusterIP }
  - wait
`,
      'playbooks/two.yaml': 'playbook: two\ntitle: Two\nsteps:\n  - apply: web.yaml\n  scale: [\n',
      'playbooks/three.yaml': '',
    };
    expect(await complaints(files)).toMatchInlineSnapshot(`
      "PLAYBOOK_INVALID
      manifests/broken.yaml:3:11: missing key "name"; expected text
      manifests/broken.yaml:6:1: Flow sequence in block collection must be sufficiently indented and end with a ]
      manifests/empty.yaml:1:1: the manifest is empty; it needs at least one Kubernetes object
      playbooks/one.yaml:1:11: playbook: "One" is not valid; expected lower-case letters, digits and dashes
      playbooks/one.yaml:2:1: unknown key "titel"; did you mean "title"?
      playbooks/one.yaml:4:5: unknown step kind "aply"; did you mean "apply"?
      playbooks/one.yaml:5:13: there is no manifest "wep.yaml"; did you mean "web.yaml"?
      playbooks/one.yaml:7:9: is: "redy" is not one of ready, gone, serving, empty; did you mean "ready"?
      playbooks/one.yaml:9:13: object: unknown kind "servce"; did you mean "service"?
      playbooks/one.yaml:10:15: key "spec..type" is not valid; write it as spec.ports[0].port or metadata.labels["app.kubernetes.io/name"]
      playbooks/one.yaml:11:5: a step is a map; its kind is one of: apply, delete, scale, patch, wait, pause, save, probe, check, try
      playbooks/three.yaml:1:1: the playbook is empty; at least: playbook, title and steps
      playbooks/two.yaml:5:1: All mapping items must start at the same column
      playbooks/two.yaml:6:1: Flow sequence in block collection must be sufficiently indented and end with a ]"
    `);
  });

  it('finds manifests beside the playbook first', async () => {
    const files = {
      'mine/p.yaml': 'playbook: p\ntitle: P\nsteps: [{ apply: [own.yaml, web.yaml] }]\n',
      'mine/own.yaml': WEB.replaceAll('name: web', 'name: own'),
      'manifests/own.yaml': 'broken: [',
      'manifests/web.yaml': WEB,
    };
    expect(await complaints(files, ['ROOT/mine/p.yaml'])).toBe('no complaint');
  });

  it('does not call missing what a step or manifest that cannot be read may have made', async () => {
    const files = {
      'manifests/web.yaml': 'a: [',
      'playbooks/p.yaml': 'playbook: p\ntitle: P\nsteps: [{ apply: web.yaml }, { wait: service/web, is: serving }]\n',
    };
    expect(await complaints(files)).toMatchInlineSnapshot(`
      "PLAYBOOK_INVALID
      manifests/web.yaml:1:5: Flow sequence in block collection must be sufficiently indented and end with a ]"
    `);
  });
});

describe('a step', () => {
  it('has exactly one kind', async () => {
    expect(
      await stepComplaints(`
  - wait: service/web
    is: serving
    scale: deployment/web
  - title: Nothing to do
  - frobnicate: service/web
`),
    ).toMatchInlineSnapshot(`
      "PLAYBOOK_INVALID
      playbooks/p.yaml:7:5: a step has one kind, this one has wait and scale; make two steps of it
      playbooks/p.yaml:8:5: a step without a kind; a step has one of: apply, delete, scale, patch, wait, pause, save, probe, check, try
      playbooks/p.yaml:9:5: unknown step kind "frobnicate"; a step has one of: apply, delete, scale, patch, wait, pause, save, probe, check, try"
    `);
  });

  it('of kind probe asks with one tool and expects what that tool can see', async () => {
    expect(
      await stepComplaints(`
  - probe: B04
    from: pod
    expect: {}
  - probe: B04
    from: pods
    curl: { url: "http://web/" }
    dig: { name: web }
    expect: {}
  - probe: B04
    from: pod
    curl: { url: "http://web/", tims: 3, times: many }
    expect: { rcode: NOERROR, outcome: refuse }
  - probe: E02
    from: pod
    dig: { name: web, type: AA }
    expect: { status: 200 }
  - probe: B22
    from: pod
    run: [ping, web]
    sudo: true
    expect: { matches: [ok, "("] }
  - probe: B05
    from: pod
    curl: { url: "http://web/", each: app=web }
    expect: { spread: even }
  - probe: B05
    from: pod
    curl: { url: "http://web/", each: "\${service/web.clusterIP} \${namespace}" }
    expect: { spread: even, of: web }
  - probe: A03
    from: pod
    curl: { url: "http://\${each.ip}/", each: "\${pods/app=web.ips}" }
    expect: { answeredBy: "\${each.name}", host: "\${each.ip}" }
  - probe: K03
    from: pod
    dig: { name: web }
    expect: { first: all, answersEach: { of: "\${namespace}", is: "\${each.ip}" } }
`),
    ).toMatchInlineSnapshot(`
      "PLAYBOOK_INVALID
      playbooks/p.yaml:5:5: a probe that asks nothing; add one of: curl, dig, run
      playbooks/p.yaml:9:11: from: "pods" is not valid; expected pod, pod@NODE, pod@each, pod@all, host@NAME, host@each, operator, neighbour, in/LABEL=VALUE[/CONTAINER] or each/LABEL=VALUE[/CONTAINER]
      playbooks/p.yaml:11:5: a probe with curl and dig; make two steps of it
      playbooks/p.yaml:15:33: unknown key "tims"; did you mean "times"?
      playbooks/p.yaml:15:49: times: expected a number, found "many"
      playbooks/p.yaml:16:15: unknown key "rcode"; known: outcome, status, spread, of, on, answeredBy, client, forwardedFor, host, path, body, json, headers, location, certificate, across, changes, urlsDiffer
      playbooks/p.yaml:16:40: outcome: expected "ok" or "refused" or "timeout" or "no-name" or "no-route" or "reset" or "tls" or "bad-body" or "other" or a list, found "refuse"; did you mean "refused"?
      playbooks/p.yaml:19:29: type: "AA" is not one of A, AAAA, SRV, PTR, CNAME, TXT, SOA, ANY
      playbooks/p.yaml:20:15: unknown key "status"; known: rcode, answers, answersEach, includes, first, types, flags, ttl, additional, authority
      playbooks/p.yaml:24:5: sudo is for "run" on hosts; leave it out, or probe from host@each
      playbooks/p.yaml:25:29: matches: Invalid regular expression: /(/m: Unterminated group
      playbooks/p.yaml:28:39: each: not a list of pods, nodes or servers; for example \${pods/app=sample-app} or \${nodes}
      playbooks/p.yaml:29:23: spread without "of"; name the Service: of: sample-clusterip
      playbooks/p.yaml:32:39: each: not a list of pods, nodes or servers; for example \${pods/app=sample-app} or \${nodes}
      playbooks/p.yaml:36:46: each: not a list of pods, nodes or servers; for example \${pods/app=sample-app} or \${nodes}
      playbooks/p.yaml:37:49: \${each.ip}: has no value here; it can stand in url, name, answeredBy, answers and on
      playbooks/p.yaml:41:15: first without "times"; ask often: dig: { times: 60, … }
      playbooks/p.yaml:41:46: of: not a list of pods, nodes or servers; for example \${pods/app=sample-app} or \${nodes}"
    `);
  });

  it('of kind check looks at one thing', async () => {
    expect(
      await stepComplaints(`
  - check: B01
  - check: B01
    object: service/web
  - check: B01
    fields: { spec.type: ClusterIP }
    endpoints: { of: web, are: readyPods }
  - check: B01
    object: service/web
    fields: { spec.clusterIP: { matches: "[" }, spec.type: {} }
    podNetwork: { of: web }
`),
    ).toMatchInlineSnapshot(`
      "PLAYBOOK_INVALID
      playbooks/p.yaml:5:5: a check that looks at nothing; add one of: endpoints, object, objects, events, podNetwork, newAddresses
      playbooks/p.yaml:7:5: object without "fields"; for example fields: { spec.type: ClusterIP }, or exists: false
      playbooks/p.yaml:9:5: fields without "object"; for example object: service/sample-clusterip
      playbooks/p.yaml:13:42: matches: Invalid regular expression: /[/m: Unterminated character class
      playbooks/p.yaml:13:60: spec.type: expects nothing; one of: equals, not, oneOf, matches, within, exists
      playbooks/p.yaml:14:5: a check with object and podNetwork; make two steps of it
      playbooks/p.yaml:14:23: of: "web" is not valid; expected LABEL=VALUE, for example app=sample-app"
    `);
  });

  it('of kind try makes one call', async () => {
    expect(
      await stepComplaints(`
  - try: B14
    expect: { rejected: no }
  - try: B14
    apply: web.yaml
    create: web.yaml
    expect: { accepted: true }
  - try: B18
    patch: service/web
    set: { spec.clusterIP: 10.96.0.9 }
    expect: { accepted: false }
  - try: B18
    apply: web.yaml
    with: { spec: {} }
    set: { "spec ports": 1 }
    expect: { rejected: no }
`),
    ).toMatchInlineSnapshot(`
      "PLAYBOOK_INVALID
      playbooks/p.yaml:5:5: a try that calls nothing; add one of: apply, create, patch
      playbooks/p.yaml:9:5: a try with apply and create; make two steps of it
      playbooks/p.yaml:12:5: patch without "with"; for example with: { spec: { type: NodePort } }
      playbooks/p.yaml:13:5: set with "patch"; set is for manifests; use "with"
      playbooks/p.yaml:14:25: accepted: false is not "true"
      playbooks/p.yaml:17:5: with without "patch"; for a manifest use "set"
      playbooks/p.yaml:18:12: key "spec ports" is not valid; write it as spec.ports[0].port or metadata.labels["app.kubernetes.io/name"]"
    `);
  });

  it('of kind save keeps references', async () => {
    expect(
      await stepComplaints(`
  - save: before
    values: { vip: 10.96.0.9, ip: "\${service/web.clusterIP}" }
`),
    ).toMatchInlineSnapshot(`
      "PLAYBOOK_INVALID
      playbooks/p.yaml:6:20: vip: a saved value is a reference; for example \${service/sample-clusterip.clusterIP}"
    `);
  });
});

describe('a name in a step', () => {
  it('must be known by then: claims, objects, pods, containers, saved values', async () => {
    expect(
      await stepComplaints(`
  - check: [B01, B99]
    object: service/wep
    fields: { spec.clusterIP: "\${saved.before.vip}" }
  - save: before
    values: { vip: "\${servise/web.clusterIP}", ips: "\${pods/app=wep.ips}" }
  - probe: Z01
    from: in/app=web/servr
    curl: { url: "http://\${saved.befor.vip}:\${saved.before.vop}/\${each.ip}" }
    expect: { of: wep, spread: all }
  - probe: B12
    from: host@each
    run: [iptables-save, "\${sevice}", "\${namespace"]
    expect: { rejects: { service: wep } }
  - delete: service/web
  - wait: service/web
    is: gone
  - wait: service/web
    is: serving
  - wait: endpoints/web
    is: gone
  - check: A08
    newAddresses: { of: app=wep, since: "\${probe.ip}" }
`),
    ).toMatchInlineSnapshot(`
      "PLAYBOOK_INVALID
      playbooks/p.yaml:5:18: unknown claim "B99"; section B has B01 to B22
      playbooks/p.yaml:6:13: service/wep is not applied before; did you mean "service/web"?
      playbooks/p.yaml:7:31: \${saved.before.vip}: nothing is saved as "before" before
      playbooks/p.yaml:9:20: \${servise/web.clusterIP}: unknown kind "servise"; did you mean "service"?
      playbooks/p.yaml:9:53: \${pods/app=wep.ips}: no pod applied before has the label app=wep; did you mean "app=web"?
      playbooks/p.yaml:10:12: unknown claim "Z01"; sections: A, B, C, D, E, F, G, H, I, J, K, L, N, O, P, T
      playbooks/p.yaml:11:11: pods with app=web have no container "servr"; did you mean "server"?
      playbooks/p.yaml:12:18: \${saved.befor.vip}: nothing is saved as "befor" before; did you mean "before"?
      playbooks/p.yaml:12:18: \${saved.before.vop}: "before" has no "vop"; did you mean "vip"?
      playbooks/p.yaml:12:18: \${each.ip}: no list to go through; add each: \${pods/LABEL=VALUE} to the curl or dig of a probe
      playbooks/p.yaml:13:19: service/wep is not applied before; did you mean "service/web"?
      playbooks/p.yaml:16:26: \${sevice}: unknown reference "sevice"; known: namespace, neighbour, pods, nodes, workers, outside, certificate, saved, each, cluster, lab, controlPlane, workerA, workerB, operator, ingress, probe, KIND/NAME.PATH
      playbooks/p.yaml:16:39: "\${" without "}"; write $\${ for a plain \${
      playbooks/p.yaml:17:35: service/wep is not applied before; did you mean "service/web"?
      playbooks/p.yaml:21:11: service/web is deleted by then; known: deployment/web
      playbooks/p.yaml:26:25: no pod applied before has the label app=wep; did you mean "app=web"?
      playbooks/p.yaml:26:41: \${probe.ip}: only a probe has a place"
    `);
  });

  it('may be a pod of a StatefulSet, which numbers them', async () => {
    const set = 'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: db }\nspec: {}\n';
    const steps = (pod: string): string =>
      `playbook: p\ntitle: t\nsteps:\n  - apply: db.yaml\n  - delete: pod/${pod}\n  - wait: pod/${pod}\n    is: ready\n`;
    const asked = (pod: string): Promise<string> =>
      complaints({ 'playbooks/p.yaml': steps(pod), 'manifests/db.yaml': set }, ['p']);
    expect(await asked('db-0')).toBe('no complaint');
    expect(await asked('dba-0')).toContain('pod/dba-0 is not applied before');
  });

  it('may be made by a try that is accepted, under the name that it sets', async () => {
    expect(
      await stepComplaints(`
  - try: B17
    create: web.yaml
    set: { metadata.name: other }
    expect: { accepted: true }
  - wait: service/other
    is: serving
  - try: B17
    create: web.yaml
    set: { metadata.name: third }
    dryRun: true
    expect: { accepted: true }
  - wait: service/third
    is: serving
`),
    ).toMatchInlineSnapshot(`
      "PLAYBOOK_INVALID
      playbooks/p.yaml:16:11: service/third is not applied before; did you mean "service/other"?"
    `);
  });

  it('leaves a private key to manifests: elsewhere it would be recorded, or stand in a list of arguments', async () => {
    expect(
      await stepComplaints(`
  - apply: web.yaml
    set: { 'metadata.annotations["a"]': "\${certificate/a.example.com.key}" }
  - probe: O11
    from: operator
    curl: { url: "https://a.example.com/", headers: { X: "\${certificate/a.example.com.key}" } }
    expect: { certificate: "\${certificate/a.example.com.crt}" }
`),
    ).toMatchInlineSnapshot(`
      "PLAYBOOK_INVALID
      playbooks/p.yaml:9:58: \${certificate/a.example.com.key}: a private key has its place in a manifest only; put it there with "set""
    `);
  });

  it('is not looked for in what people read', async () => {
    expect(
      await stepComplaints('  - wait: service/web\n    is: serving\n    say: "${nothing} is filled in here"\n'),
    ).toBe('no complaint');
  });
});

describe('choosing playbooks', () => {
  const p = (name: string): string => `playbook: ${name}\ntitle: P\nsteps: [{ apply: web.yaml }]\n`;
  const files = {
    'manifests/web.yaml': WEB,
    'playbooks/clusterip.yaml': p('clusterip'),
    'playbooks/dns.yaml': p('dns'),
  };

  it('names the nearest known one', async () => {
    expect(await complaints(files, ['cluterip', 'ROOT/none.yaml'])).toMatchInlineSnapshot(`
      "PLAYBOOK_NOT_FOUND
      there is no playbook "cluterip"; did you mean "clusterip"?
      none.yaml: there is no such playbook file"
    `);
  });

  it('tells unknown names and mistakes in files together', async () => {
    expect(await complaints({ ...files, 'playbooks/dns.yaml': 'playbook: dns\n' }, ['dns', 'cluterip']))
      .toMatchInlineSnapshot(`
      "PLAYBOOK_INVALID
      there is no playbook "cluterip"; did you mean "clusterip"?
      playbooks/dns.yaml:1:1: missing key "title"; expected text or a map
      playbooks/dns.yaml:1:1: missing key "steps"; expected a list"
    `);
  });

  it('refuses two files of one name, and loads one file once', async () => {
    expect(await complaints({ ...files, 'playbooks/dns.yaml': p('clusterip') })).toMatchInlineSnapshot(`
      "PLAYBOOK_INVALID
      playbooks/dns.yaml:1:1: playbooks/clusterip.yaml has the name "clusterip" too; give one of them another name"
    `);
    expect(await complaints(files, ['dns', 'dns', 'ROOT/playbooks/dns.yaml'])).toBe('no complaint');
  });
});
