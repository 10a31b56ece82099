import { PilabError, messageOf } from '../errors.js';
import { Rejection } from '../ports/cluster.js';

/** Failures of the Kubernetes API; the exit code says whether the input is wrong (2), nothing could be measured (3), or a person said stop. */
const EXIT_CODES = {
  CLUSTER_UNREACHABLE: 3,
  CLUSTER_TIMEOUT: 3,
  CLUSTER_WAIT_TIMEOUT: 3,
  CLUSTER_EXEC_TIMEOUT: 3,
  /** The connection broke while a command ran. */
  CLUSTER_EXEC_LOST: 3,
  /** The command was never started. */
  CLUSTER_EXEC_FAILED: 3,
  CLUSTER_CLOSED: 3,
  CLUSTER_ABORTED: 130,
  CLUSTER_OBJECT_INCOMPLETE: 2,
  KUBECONFIG_INVALID: 2,
  KUBECONFIG_MISSING: 3,
} as const;
export type ClusterErrorCode = keyof typeof EXIT_CODES;

export function clusterError(
  code: ClusterErrorCode,
  message: string,
  { hint, cause }: { readonly hint?: string; readonly cause?: unknown } = {},
): PilabError {
  return new PilabError({ code, message, hint, cause, exitCode: EXIT_CODES[code] });
}

/** What an abort's reason becomes: our own errors stay as they are. */
export function abortError(reason: unknown): PilabError {
  if (reason instanceof PilabError) return reason;
  return clusterError('CLUSTER_ABORTED', 'the call to the Kubernetes API was interrupted', { cause: reason });
}

/** A Status object in a body as an error; anything else that a server (or a proxy before it) says is quoted in short. */
export function rejectionOf(status: number, text: string): Rejection {
  let body: { readonly message?: unknown; readonly reason?: unknown } = {};
  try {
    body = Object(JSON.parse(text)) as typeof body;
  } catch {
    // Not from the API server itself.
  }
  const message = typeof body.message === 'string' && body.message !== '' ? body.message : text.trim().slice(0, 300);
  return new Rejection(status, typeof body.reason === 'string' ? body.reason : '', message || `HTTP status ${status}`);
}

/** The error code of Node or OpenSSL, also of several addresses that all failed. */
export function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  const code = error instanceof Error ? (error as { readonly code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : '';
}

/** No answer from the server, or not from the right one. `source` is where the kubeconfig came from. */
export function unreachable(server: string, source: string, error: unknown): PilabError {
  // An AggregateError (a name with several addresses) has an empty message of its own.
  const reason = messageOf(error instanceof AggregateError ? error.errors[0] : error);
  return clusterError('CLUSTER_UNREACHABLE', `cannot reach the API server ${server}: ${reason}`, {
    hint: hintFor(codeOf(error), source),
    cause: error,
  });
}

function hintFor(code: string, source: string): string {
  if (code === 'CERT_NOT_YET_VALID' || code === 'CERT_HAS_EXPIRED') {
    return 'compare the clocks (a Pi has none that runs without power): date; and on the control plane: sudo kubeadm certs check-expiration';
  }
  if (/CERT|SIGNATURE/.test(code)) {
    return `the kubeconfig (${source}) may be of another cluster, or of this one before it was made anew; copy it from the control plane again`;
  }
  return `is the control plane up, and is the address in the kubeconfig (${source}) right? On the control plane: sudo crictl ps -a | grep kube-apiserver`;
}

/** Errors that end by themselves: the server is away, restarts, is overloaded, or etcd elects. */
export function isPassing(error: unknown): boolean {
  if (error instanceof Rejection) {
    return [429, 502, 503, 504].includes(error.status) || (error.status === 500 && /etcdserver/.test(error.message));
  }
  return ['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'EHOSTUNREACH'].includes(codeOf(error));
}

/** Passing errors after which a call has certainly changed nothing: it never arrived, or was sent away unread. */
export function isUntouched(error: unknown): boolean {
  return error instanceof Rejection ? error.status === 429 : codeOf(error) === 'ECONNREFUSED';
}
