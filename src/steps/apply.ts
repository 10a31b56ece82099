import type { StepOf } from '../playbook/schema.js';
import { Rejection } from '../ports/cluster.js';
import type { StepContext, StepResult } from './context.js';
import { evidence, judgement } from './judgement.js';
import { putValues } from './lookup.js';
import { takesValues } from '../playbook/manifest.js';
import { labManifest } from './manifest.js';

/** Applies manifest files, document by document. A refusal fails the step, and the rest of the playbook has no ground. */
export async function applyStep(step: StepOf<'apply'>, context: StepContext): Promise<StepResult> {
  const { cluster, signal, playbook, namespace, emit, info } = context;
  const startedAt = performance.now();
  const applied: string[] = [];
  for (const file of step.apply) {
    const documents = playbook.manifests.get(file) ?? [];
    for (const document of documents) {
      const name = `${document.kind}/${document.metadata.name}`;
      try {
        const object = labManifest(document, context);
        if (takesValues(document, documents)) await putValues(object, step.set ?? {}, context);
        const { warnings } = await cluster.apply(object, { signal });
        for (const message of warnings) emit({ type: 'warning', step: info.id, message: `${name}: ${message}` });
        applied.push(name);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        return refused(`${file}: ${name}`, `kubectl -n ${namespace} apply -f ${file}`, error, startedAt);
      }
    }
  }
  return { judgements: [judgement({ verdict: 'passed', place: 'api', subject: applied.join(', '), startedAt })] };
}

/**
 * Did the API server judge the call and say no? One that is overloaded, restarts or has lost etcd judges nothing: then the
 * step could not be measured. A plain 500 is a judgement: a webhook that cannot be reached, an allocator.
 */
export function isRefusal(error: unknown): error is Rejection {
  if (!(error instanceof Rejection)) return false;
  if (error.status === 500) return !error.message.includes('etcdserver');
  return ![401, 429, 502, 503, 504].includes(error.status);
}

/** The API server refused what a step needs: what it said is the finding. */
export function refused(subject: string, command: string, error: Rejection, startedAt: number): StepResult {
  const why = WHY_REFUSED.find(({ test }) => test(error))?.why;
  const finding = {
    what: 'accepted',
    expected: 'the API server accepts it',
    observed: `${error.status} ${error.reason}: ${error.message}`,
    verdict: 'failed',
    ...(why === undefined ? {} : { why }),
  } as const;
  return {
    judgements: [
      judgement({
        verdict: 'failed',
        place: 'api',
        subject,
        startedAt,
        findings: [finding],
        evidence: [evidence('api', command, error.message)],
      }),
    ],
    blocks: true,
  };
}

/** Refusals that have a cause of their own to name. */
const WHY_REFUSED = [
  {
    test: (error: Rejection): boolean => /provided port is already allocated/.test(error.message),
    why: {
      en: 'Another Service has this node port, perhaps one of another run: kubectl get services -A | grep NodePort',
      ja: 'このノードポートは別の Service（別の実行のものかもしれません）が使用中です: kubectl get services -A | grep NodePort',
    },
  },
  {
    test: (error: Rejection): boolean => error.status === 403 && /exceeded quota/.test(error.message),
    why: {
      en: 'A ResourceQuota of this namespace leaves no room: kubectl get resourcequota -A',
      ja: 'ResourceQuota の上限に達しています: kubectl get resourcequota -A',
    },
  },
  {
    test: (error: Rejection): boolean => error.status === 403,
    why: {
      en: 'The credentials in the kubeconfig may not do this (RBAC): kubectl auth can-i --list',
      ja: 'kubeconfig の資格情報にこの操作の権限がありません（RBAC）: kubectl auth can-i --list',
    },
  },
  {
    test: (error: Rejection): boolean => /admission webhook|failed calling webhook/.test(error.message),
    why: {
      en: 'An admission webhook refused or could not be reached: kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations',
      ja: 'Admission Webhook が拒否したか、応答していません: kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations',
    },
  },
];
