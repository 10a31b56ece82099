import type { AnyAuthMethod, AuthenticationType, KeyboardInteractiveAuthMethod } from 'ssh2';
import type { Lab, LabHost } from '../lab/lab.js';
import { addressOf } from './errors.js';
import { type PrivateKey, decrypt, readPrivateKey } from './keys.js';
import type { Prompts } from './prompts.js';

const PASSWORD_TRIES = 3;

/** One login: the ways in, and which of them were tried. */
export interface Login {
  /** The next way to try, or undefined when there is none left. `allowed`: what the server still takes; null at first. */
  next(allowed: readonly AuthenticationType[] | null): Promise<AnyAuthMethod | undefined>;
  /** What was tried or had to be left out, for the error message. */
  readonly tried: readonly string[];
}

/**
 * The ways into a host, the cheap ones first: plain keys, the agent, keys that need a passphrase (by then the agent has
 * had its chance to spare the question), a password where the lab allows to ask for one.
 */
export async function startLogin(host: LabHost, ssh: Lab['ssh'], prompts: Prompts): Promise<Login> {
  const keys = await Promise.all(host.keys.map(readPrivateKey));
  const tried: string[] = [];
  let allowed: readonly AuthenticationType[] | null = null;
  const ways = methods(host, ssh, prompts, keys, tried, () => allowed);
  return {
    tried,
    next: async (left) => {
      allowed = left;
      for (;;) {
        const way = await ways.next();
        if (way.done) return undefined;
        if (way.value.type === 'none' || allowed === null || takes(allowed, way.value.type)) return way.value;
      }
    },
  };
}

async function* methods(
  { user, ...rest }: LabHost,
  ssh: Lab['ssh'],
  prompts: Prompts,
  keys: readonly PrivateKey[],
  tried: string[],
  allowed: () => readonly AuthenticationType[] | null,
): AsyncGenerator<AnyAuthMethod, undefined> {
  const host = { user, ...rest };
  // "none" makes the server say what it takes (RFC 4252 section 5.2).
  yield { type: 'none', username: user };
  for (const key of keys) {
    if (key.kind === 'useless') tried.push(`key ${key.file} (unusable: ${key.reason})`);
    if (key.kind !== 'ready') continue;
    tried.push(`key ${key.file}`);
    yield { type: 'publickey', username: user, key: key.key };
  }
  if (ssh.agent !== undefined) {
    tried.push('agent');
    yield { type: 'agent', username: user, agent: ssh.agent };
  }
  for (const key of keys) {
    if (key.kind !== 'encrypted' || !takes(allowed() ?? ['publickey'], 'publickey')) continue;
    const opened = await decrypt(key.file, key.content, prompts);
    tried.push(opened === undefined ? `key ${key.file} (encrypted, no passphrase)` : `key ${key.file}`);
    if (opened !== undefined) yield { type: 'publickey', username: user, key: opened };
  }
  if (!ssh.passwordPrompt) return;
  if (!prompts.interactive) {
    tried.push('password (no terminal to ask in)');
    return;
  }
  for (let attempt = 0; attempt < PASSWORD_TRIES; attempt++) {
    const methodsLeft = allowed() ?? [];
    if (methodsLeft.includes('password')) {
      tried.push('password');
      yield { type: 'password', username: user, password: await prompts.secret(`Password of ${addressOf(host)}: `) };
    } else if (methodsLeft.includes('keyboard-interactive')) {
      tried.push('keyboard-interactive');
      yield keyboardInteractive(host, prompts);
    } else {
      return;
    }
  }
}

function keyboardInteractive(host: LabHost, prompts: Prompts): KeyboardInteractiveAuthMethod {
  return {
    type: 'keyboard-interactive',
    username: host.user,
    prompt: (_name, instructions, _language, questions, finish) => {
      void (async () => {
        const answers: string[] = [];
        for (const { prompt } of questions) {
          const lead = instructions === '' ? '' : `${instructions}\n`;
          answers.push(await prompts.secret(`${lead}${addressOf(host)}: ${prompt}`));
        }
        return answers;
      })().then(
        (answers) => finish(answers),
        // No answer is a wrong answer; the server then says no, which is reported.
        () => finish([]),
      );
    },
  };
}

function takes(allowed: readonly AuthenticationType[], type: AuthenticationType): boolean {
  return allowed.includes(type === 'agent' ? 'publickey' : type);
}
