import { randomBytes } from 'node:crypto';
import type { ClientChannel } from 'ssh2';
import type { PilabError } from '../errors.js';
import type { LabHost, Sudo } from '../lab/lab.js';
import type { ExecResult } from '../ports/host.js';
import type { Dialogue } from './command.js';
import { sshError } from './errors.js';
import type { Prompts } from './prompts.js';

/** How a command becomes root's. */
export interface Elevated {
  readonly argv: readonly string[];
  readonly dialogue?: Dialogue;
  /** What sudo itself said, when it was sudo that ended and not the command. */
  readonly explain?: (result: ExecResult) => PilabError | undefined;
}

const QUESTION = 'sudo password for the lab: ';

/**
 * Puts sudo before a command the way the lab says; root needs none. A password never stands in an argument vector, a
 * message or a log.
 * @throws PilabError `SSH_SUDO` when the lab has no way to root
 */
export async function elevate(
  host: LabHost,
  argv: readonly string[],
  stdin: string | undefined,
  sudo: Sudo,
  { prompts, env }: { readonly prompts: Prompts; readonly env: NodeJS.ProcessEnv },
): Promise<Elevated> {
  if (host.user === 'root') return { argv };
  switch (sudo.kind) {
    case 'none':
      throw sshError('SSH_SUDO', host.name, `${argv[0] ?? ''} needs root, but the lab says "sudo: none"`, {
        hint: 'set sudo in the lab file to passwordless, prompt or { env: NAME }, or log in as root',
      });
    case 'passwordless':
      return { argv: ['sudo', '-n', '--', ...argv], explain: (result) => explainPasswordless(host, result) };
    case 'env': {
      const password = env[sudo.variable];
      if (password === undefined || password === '') {
        throw sshError('SSH_SUDO', host.name, `the sudo password is to be in $${sudo.variable}, which is empty`, {
          hint: `set it for this command only, e.g.: read -rs ${sudo.variable} && export ${sudo.variable}`,
        });
      }
      return withPassword(host, argv, stdin, password, () => undefined);
    }
    case 'prompt': {
      if (!prompts.interactive) {
        throw sshError('SSH_SUDO', host.name, 'there is no terminal to ask for the sudo password in', {
          hint: 'run pilab in a terminal, or use "sudo: { env: NAME }" in the lab file',
        });
      }
      const password = await prompts.secretOnce(QUESTION);
      return withPassword(host, argv, stdin, password, () => prompts.forget(QUESTION));
    }
  }
}

/**
 * The password goes only to a sudo that asks for it: a sudo that needs none would hand the line to the command as its
 * input (and `tee` would write it into a file). So sudo asks with a word that nobody else says, and the command says
 * another one when it starts; what comes before that is sudo's own.
 */
function withPassword(
  host: LabHost,
  argv: readonly string[],
  stdin: string | undefined,
  password: string,
  forget: () => void,
): Elevated {
  const nonce = randomBytes(8).toString('hex');
  const asks = `pilab-asks-${nonce}`;
  const starts = `pilab-starts-${nonce}`;
  const wrong = (): PilabError => {
    forget();
    return sshError('SSH_SUDO', host.name, `sudo did not accept the password of ${host.user}`, {
      hint: 'sudo asks for the password of the login user on the host',
    });
  };
  let before = '';
  let asked = false;
  let started = false;
  const dialogue: Dialogue = {
    onStderr(chunk: string, channel: ClientChannel): string {
      if (started) return chunk;
      before += chunk;
      const end = before.indexOf(starts);
      if (end >= 0) {
        started = true;
        channel.end(stdin ?? '');
        return before.slice(end + starts.length);
      }
      const questions = before.split(asks).length - 1;
      if (questions > 1) throw wrong();
      if (questions === 1 && !asked) {
        asked = true;
        channel.write(`${password}\n`);
      }
      return '';
    },
    onEnd: (result) => {
      if (started) return undefined;
      const said = before.replaceAll(asks, '').trim();
      return sshError('SSH_SUDO', host.name, `sudo ended with ${result.exitCode ?? 'no status'}: ${said}`, {
        hint: `may ${host.user} use sudo there? try: ssh -t ${host.user}@${host.address} sudo id`,
      });
    },
  };
  const wrapped = ['sh', '-c', `printf %s ${starts} >&2; exec "$@"`, 'sh', ...argv];
  return { argv: ['sudo', '-S', '-p', asks, '--', ...wrapped], dialogue };
}

/** With -n sudo fails where it would have to ask, with exit status 1 and a line of its own. */
function explainPasswordless(host: LabHost, { exitCode, stdout, stderr }: ExecResult): PilabError | undefined {
  const last = stderr.trimEnd().split('\n').at(-1) ?? '';
  const missing = exitCode === 127 && /\bsudo:.* not found$/.test(last);
  // A warning that comes before any command on a host that does not know its own name.
  const refused =
    exitCode === 1 && stdout === '' && last.startsWith('sudo: ') && !last.includes('unable to resolve host');
  if (!missing && !refused) return undefined;
  return sshError('SSH_SUDO', host.name, `no root without a password (${last})`, {
    hint: missing
      ? 'install sudo, or log in as root'
      : `set "sudo: prompt" in the lab file, or let ${host.user} use sudo without a password (NOPASSWD in /etc/sudoers.d)`,
  });
}
