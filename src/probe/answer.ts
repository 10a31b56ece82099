import type { Answer } from './observation.js';

const LINE = /^Host=(\S*) Path=(\S*) From=(\S+) ClientIP=(\S+) XFF=(.*)$/m;

/** The sample web server's one line, or undefined when somebody else answered. */
export function parseAnswer(body: string): Answer | undefined {
  const match = LINE.exec(body);
  if (match === null) return undefined;
  const [, host = '', path = '', from = '', client = '', forwardedFor = ''] = match;
  return { host, path, from, client, forwardedFor: forwardedFor.trim() };
}
