import { PilabError } from '../errors.js';
import type { LabHost } from '../lab/lab.js';

/** Failures of SSH; the exit code says whether the lab is wrong (2), nothing could be measured (3), or a person said stop. */
const EXIT_CODES = {
  SSH_UNREACHABLE: 3,
  SSH_LOST: 3,
  SSH_TIMEOUT: 3,
  SSH_CHANNEL: 3,
  SSH_AUTH: 2,
  SSH_HOST_KEY_UNKNOWN: 2,
  SSH_HOST_KEY_CHANGED: 2,
  SSH_HOST_KEY_REVOKED: 2,
  SSH_KNOWN_HOSTS: 2,
  SSH_SUDO: 2,
  SSH_ABORTED: 130,
} as const;
export type SshErrorCode = keyof typeof EXIT_CODES;

/** An error about one host; its name comes first in the message. */
export function sshError(
  code: SshErrorCode,
  hostName: string,
  message: string,
  { hint, cause }: { readonly hint?: string; readonly cause?: unknown } = {},
): PilabError {
  return new PilabError({ code, message: `${hostName}: ${message}`, hint, cause, exitCode: EXIT_CODES[code] });
}

/** `pi@192.168.66.11:22`, for messages. */
export function addressOf({ user, address, port }: LabHost): string {
  return `${user}@${address.includes(':') ? `[${address}]` : address}:${port}`;
}
