import { readFile } from 'node:fs/promises';
// Not by name: ssh2 is CommonJS, and Node finds no `utils` in it.
import ssh2, { type ParsedKey } from 'ssh2';
import { messageOf } from '../errors.js';
import type { Prompts } from './prompts.js';

const PASSPHRASE_TRIES = 3;

/** A private key file: ready, waiting for its passphrase, or useless (and why). */
export type PrivateKey =
  | { readonly kind: 'ready'; readonly file: string; readonly key: ParsedKey }
  | { readonly kind: 'encrypted'; readonly file: string; readonly content: Buffer }
  | { readonly kind: 'useless'; readonly file: string; readonly reason: string };

export async function readPrivateKey(file: string): Promise<PrivateKey> {
  let content: Buffer;
  try {
    content = await readFile(file);
  } catch (error) {
    return { kind: 'useless', file, reason: messageOf(error) };
  }
  const key = parse(content);
  if (!(key instanceof Error)) {
    return key.isPrivateKey()
      ? { kind: 'ready', file, key }
      : { kind: 'useless', file, reason: 'this is a public key' };
  }
  // ssh2 has no codes for this; each of its messages about a missing passphrase says "encrypted".
  if (/encrypted/i.test(key.message)) return { kind: 'encrypted', file, content };
  return { kind: 'useless', file, reason: key.message };
}

/** Asks for the passphrase until it fits, three times at most; undefined then, or when nobody is there. */
export async function decrypt(file: string, content: Buffer, prompts: Prompts): Promise<ParsedKey | undefined> {
  if (!prompts.interactive) return undefined;
  const question = `Passphrase of ${file}: `;
  for (let attempt = 0; attempt < PASSPHRASE_TRIES; attempt++) {
    const key = parse(content, await prompts.secretOnce(question));
    if (!(key instanceof Error)) return key;
    prompts.forget(question);
  }
  return undefined;
}

function parse(content: Buffer, passphrase?: string): ParsedKey | Error {
  try {
    const parsed: ParsedKey | ParsedKey[] | Error = ssh2.utils.parseKey(content, passphrase);
    return (Array.isArray(parsed) ? (parsed as ParsedKey[])[0] : parsed) ?? new Error('the file holds no key');
  } catch (error) {
    // Some malformed keys make the parser throw instead of returning an error.
    return error instanceof Error ? error : new Error(messageOf(error));
  }
}
