import { spawnSync } from 'node:child_process';
import { chmod, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listPlaybooks, loadPlaybooks } from '../../src/playbook/library.js';
import type { Playbook } from '../../src/playbook/schema.js';
import { scriptOf, type ScriptOptions } from '../../src/script/script.js';
import { folder, playbook } from '../playbook/folders.js';
import { has } from '../probe/shell.js';

const OPTIONS: ScriptOptions = {
  lang: 'en',
  manifests: '/opt/pilab/manifests',
  elsewhere: new Map(),
  probeImage: 'probe:1',
};
const SHELLS = ['sh', 'dash', 'bash'].filter(has);

/** What a shell says of a script that it does not run. */
function complaints(script: string): string {
  return SHELLS.map((shell) => spawnSync(shell, ['-n'], { input: script, encoding: 'utf8' }).stderr).join('');
}

function linter(script: string): string {
  return spawnSync('shellcheck', ['-s', 'sh', '-'], { input: script, encoding: 'utf8' }).stdout;
}

async function scriptWith(steps: string): Promise<string> {
  return scriptOf(await playbook(steps), OPTIONS);
}

describe('the script of a shipped playbook', { timeout: 60_000 }, () => {
  it('is one that every POSIX shell reads, in both languages', async () => {
    for (const name of await listPlaybooks()) {
      const [loaded] = await loadPlaybooks([name]);
      for (const lang of ['en', 'ja'] as const) {
        const script = scriptOf(loaded as Playbook, { ...OPTIONS, lang });
        expect(complaints(script), name).toBe('');
        expect(script).not.toMatch(/PILAB_VALUE_/);
        for (const step of loaded?.steps ?? []) {
          const title = step.title?.[lang].split('\n')[0] ?? '';
          expect(script).toContain(title);
        }
      }
    }
  });

  it.skipIf(!has('shellcheck'))('pleases shellcheck', async () => {
    for (const loaded of await loadPlaybooks([])) expect(linter(scriptOf(loaded, OPTIONS)), loaded.name).toBe('');
  });
});

describe('a step as commands', () => {
  it('reads a value with kubectl right before its use', async () => {
    const script = await scriptWith(`
  - probe: B04
    from: pod
    curl: { url: 'http://\${service/web.clusterIP}:8080/' }
    expect: { status: 200 }`);
    expect(script).toContain(
      [
        "service_web_clusterIP=$(value kubectl get service/web -o 'jsonpath={.spec.clusterIP}') || exit 1",
        'kubectl exec "probe-${WORKER}" -- curl -s "http://${service_web_clusterIP}:8080/" || echo "exit status $?"',
      ].join('\n'),
    );
    expect(script).toContain('# expect: status: 200\n');
  });

  it('waits for a Service, and not for ever', async () => {
    const script = await scriptWith('  - { wait: service/web, is: serving }');
    expect(script).toMatch(/^until_ok serves web \|\| exit 1$/m);
    expect(script).toMatch(/^serves\(\) \{$/m);
    expect(await scriptWith('  - { wait: service/web, is: empty }')).toMatch(/^until_ok refuses web \|\| exit 1$/m);
  });

  it('repeats a probe at every place', async () => {
    const probe = (from: string): string => `
  - probe: A05
    from: ${from}
    run: [hostname]
    expect: { exit: 0 }`;
    expect(await scriptWith(probe('host@each'))).toContain(
      'for host in $HOSTS; do\nsay_where "$host"\nssh "${host}" hostname',
    );
    expect(await scriptWith(probe('pod@all'))).toContain(
      'for node in $NODES; do\nsay_where "$node"\nkubectl exec "probe-${node}" -- hostname',
    );
    expect(await scriptWith(probe('neighbour'))).toContain(
      'kubectl -n "${NEIGHBOUR}" exec "probe-${WORKER}" -- hostname',
    );
  });

  it('asks the proxy mode before a step that holds in one only', async () => {
    const script = await scriptWith(`
  - when: { proxyMode: [nftables] }
    check: B01
    object: service/web
    fields: { spec.type: ClusterIP }`);
    expect(script).toContain('if [ "$PROXY_MODE" = nftables ]; then\nkubectl get service/web -o yaml');
    expect(complaints(script)).toBe('');
  });

  it('asks what else a step depends on, and says so where it is not for this cluster', async () => {
    const script = await scriptWith(`
  - when: { server: '>=1.33 <1.36', ingressController: [traefik.io/ingress-controller, k8s.io/ingress-nginx] }
    check: B01
    object: service/web
    fields: { spec.type: ClusterIP }`);
    expect(script).toContain(
      'if is_at_least "$SERVER_VERSION" 1.33 && is_older "$SERVER_VERSION" 1.36 && ' +
        '{ [ "$ingress_controller" = traefik.io/ingress-controller ] || [ "$ingress_controller" = k8s.io/ingress-nginx ]; }; then\n',
    );
    expect(script).toContain('SERVER_VERSION=$(value server_version) || exit 1\n');
    expect(script).toContain('only where: server >=1.33 <1.36; ingressController traefik.io/ingress-controller, ');
    expect(complaints(script)).toBe('');
  });

  it('compares versions as a run does', async () => {
    const script = await scriptWith(`
  - when: { coreDNS: '>=1.11 <1.12' }
    check: B01
    object: service/web
    fields: { spec.type: ClusterIP }`);
    const functions = /^(is_older|is_at_least)\(\) \{[^]*?^\}$/gm;
    const judge = `${script.match(functions)?.join('\n') ?? ''}
is_at_least "$1" "$2" && echo at-least; is_older "$1" "$2" && echo older; true`;
    const judged = (...argv: string[]): string =>
      spawnSync('sh', ['-c', judge, 'sh', ...argv], { encoding: 'utf8' }).stdout.trim();
    expect(judged('1.34.4', '1.34')).toBe('at-least');
    expect(judged('1.9', '1.10')).toBe('older');
    expect(judged('2', '1.99.9')).toBe('at-least');
    expect(judged('1.12', '1.12.1')).toBe('older');
    expect(judged('unknown', '1.12')).toBe('');
  });

  it('shows why nothing answered where that is the lesson, and looks again where it takes a moment', async () => {
    const script = await scriptWith(`
  - probe: B11
    from: operator
    within: 10s
    curl: { url: 'http://x/', times: 20 }
    expect: { outcome: refused }`);
    expect(script).toMatch(
      /^for idle in 0 5 5; do\nsleep "\$idle"\nfor i in \$\(seq 20\); do curl -sS http:\/\/x\/; done \|\| echo/m,
    );
  });

  it('gives a command each item of a list as a word of its own', async () => {
    const script = await scriptWith(`
  - probe: K08
    from: pod
    run: [sh, -c, 'echo "$@"', sh, '\${pods/app=web.ips}']
    expect: { exit: 0 }`);
    expect(script).toMatch(/-- sh -c 'echo "\$@"' sh \$\{pods_app_web_ips\} \|\| echo/);
  });

  it('shows the rules of the Service in question only', async () => {
    const script = await scriptWith(`
  - probe: C03
    from: host@each
    run: [iptables-save]
    sudo: true
    expect: { rules: { service: web, are: endpoints } }`);
    expect(script).toMatch(/^ssh "\$\{host\}" sudo iptables-save \| grep "\$\{NS\}\/web\[:\/\]" \|\| echo/m);
  });

  it('puts values into a manifest without touching the file', async () => {
    const script = await scriptWith(`
  - try: B16
    apply: web.yaml
    set: { metadata.name: other, spec.clusterIP: '\${lab.freeClusterIP}' }
    expect: { accepted: true }`);
    expect(script).toMatch(
      /kubectl patch --local -f - --type=json -p '.*json_value "\$lab_freeClusterIP".*-o yaml \| kubectl apply -f -/m,
    );
    expect(script).toMatch(/^free_cluster_ip\(\) \{$/m);
  });

  it('puts values into the workload of a file, and leaves the ConfigMap beside it as it is', async () => {
    const [shipped] = await loadPlaybooks(['traffic-policy']);
    const script = scriptOf(shipped as Playbook, OPTIONS);
    expect(script).toMatch(
      /^nth_document 0 sample-pinned\.yaml \| kubectl apply -f - &&\n {2}nth_document 1 sample-pinned\.yaml \| kubectl patch --local -f - /m,
    );
    const cut = /^nth_document\(\) \{[^]*?^\}$/m.exec(script)?.[0] ?? '';
    const root = await folder({
      'two.yaml': '# Says what it is.\na: 1\n---\nb: 2\n# more\n',
      'led.yaml': '---\na: 1\n---\nb: 2\n',
    });
    for (const file of ['two.yaml', 'led.yaml']) {
      const nth = (number: string): string =>
        spawnSync('sh', ['-c', `${cut}\nnth_document "$1" "$2"`, 'sh', number, join(root, file)], { encoding: 'utf8' })
          .stdout;
      expect(nth('0')).toContain('a: 1\n');
      expect(nth('0')).not.toContain('b: 2');
      expect(nth('1')).toMatch(/^b: 2\n/);
    }
  });

  it('lets no text of a playbook become a command', async () => {
    // Stubs that answer something plain; curl keeps what it was given.
    const root = await folder({
      kubectl: '#!/bin/sh\necho x\n',
      curl: '#!/bin/sh\nprintf "%s\\n" "$@" >>"$0.given"\n',
    });
    await Promise.all(['kubectl', 'curl'].map((name) => chmod(join(root, name), 0o755)));
    const evil = "a'b $(touch evil) `touch evil` ; touch evil";
    const script = await scriptWith(`
  - title: ${JSON.stringify(`x\ntouch evil\r\n${evil}`)}
    say: ${JSON.stringify(`y\n${evil}\ntouch evil`)}
    probe: B04
    from: operator
    curl: { url: 'http://x/', headers: { X: ${JSON.stringify(evil)} } }
    expect: { body: ${JSON.stringify('z\ntouch evil')} }`);
    expect(complaints(script)).toBe('');
    const env = { PATH: `${root}:${process.env['PATH'] ?? ''}`, MANIFESTS: root };
    const { status, stderr } = spawnSync('sh', ['-s'], { input: script, encoding: 'utf8', env });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(await readdir(root)).not.toContain('evil');
    expect((await readFile(join(root, 'curl.given'), 'utf8')).split('\n')).toContain(`X: ${evil}`);
  });
});

describe('the script as a whole', () => {
  it('removes its namespace however it ends, but never one that was there before', async () => {
    const script = await scriptWith('  - { wait: deployment/web, is: ready }');
    const create = script.indexOf('create namespace "$NS" || exit 1');
    expect(create).toBeGreaterThan(0);
    expect(script.indexOf('trap clean_up EXIT')).toBeGreaterThan(create);
  });

  it('takes nothing for a value that another shell could take for a command', async () => {
    const script = await scriptWith("  - { save: kept, values: { ip: '${service/web.clusterIP}' } }");
    const body = /^value\(\) \{\n[\s\S]*?^\}$/m.exec(script)?.[0] ?? '';
    const run = (text: string): number | null =>
      spawnSync('sh', ['-c', `${body}\nvalue printf '%s' "$1"`, 'sh', text], { encoding: 'utf8' }).status;
    expect([run('10.96.0.1'), run('10.1.1.1 10.1.1.2'), run('a-b_c/d')]).toEqual([0, 0, 0]);
    expect(['', '$(id)', 'a;b', "a'b", 'a`b', 'a|b', 'a\nb'].map(run)).toEqual([1, 1, 1, 1, 1, 1, 1]);
  });
});
