import type { Finding } from '../event/event.js';
import { few, finding, judged, type Judged } from './judged.js';
import { pointer } from './next.js';

/** What the API server said when it refused a call. */
export interface Refusal {
  /** HTTP status. */
  readonly status: number;
  readonly reason: string;
  readonly message: string;
}

/** A `try` step's expectation, references filled in. */
export type RejectionExpectation =
  | { readonly rejected: readonly string[]; readonly status?: number | undefined }
  | { readonly accepted: true; readonly warns?: readonly string[] | undefined };

const WHY_ACCEPTED = {
  en: 'The API server took what it should refuse: this version validates otherwise, or the object is not what the exercise means (a dry run also skips some checks).',
  ja: '拒否されるはずの操作が受け付けられました。このバージョンでは検証が異なるか、対象が演習の想定と違います（ドライランでは省かれる検証もあります）。',
};
const WHY_OTHER = {
  en: 'Refused, but for another reason than the one this exercise is about; read the whole message.',
  ja: '拒否されましたが、この演習で扱う理由とは別の理由です。メッセージ全体を読んでください。',
};
const WHY_REFUSED = {
  en: 'The API server refused what it should take; its message names the field.',
  ja: '受け付けられるはずの操作が拒否されました。メッセージに該当フィールドが示されています。',
};

const WHY_NO_WARNING = {
  en: 'Accepted without the remark that this exercise is about: this version of Kubernetes does not warn (yet, or any more).',
  ja: '受け付けられましたが、想定した警告がありません。このバージョンの Kubernetes では（まだ、またはもう）警告されません。',
};

/**
 * Judges an API call that should be refused, or, as a control, accepted.
 * @param refusal What the server said; undefined when it accepted. A server that could not be asked is none of both:
 * the caller has no business here then.
 * @param warnings What it remarked when it accepted. @default none
 */
export function judgeRejection(
  expect: RejectionExpectation,
  refusal: Refusal | undefined,
  warnings: readonly string[] = [],
): Judged {
  if ('accepted' in expect) {
    const observed = refusal === undefined ? 'accepted' : refusalWords(refusal);
    const accepted = finding('accepted', 'accepted', observed, refusal === undefined, WHY_REFUSED);
    return judged([accepted, ...warningFindings(expect.warns ?? [], warnings)], next);
  }
  const { rejected, status } = expect;
  const wanted = few(rejected.map((text) => JSON.stringify(text)));
  if (refusal === undefined) return judged([finding('rejected', wanted, 'accepted', false, WHY_ACCEPTED)], next);
  const lacking = rejected.filter((text) => !refusal.message.includes(text));
  const findings = [finding('rejected', wanted, refusalWords(refusal), lacking.length === 0, WHY_OTHER)];
  if (status !== undefined) {
    findings.push(finding('status', String(status), String(refusal.status), refusal.status === status, WHY_OTHER));
  }
  return judged(findings, next);
}

function warningFindings(warns: readonly string[], warnings: readonly string[]): Finding[] {
  if (warns.length === 0) return [];
  const ok = warns.every((text) => warnings.some((each) => each.includes(text)));
  const expected = few(warns.map((text) => JSON.stringify(text)));
  return [finding('warns', expected, few(warnings.map((text) => JSON.stringify(text))), ok, WHY_NO_WARNING)];
}

function refusalWords({ status, reason, message }: Refusal): string {
  return `${status} ${reason}: ${message}`.slice(0, 500);
}

function next(): ReturnType<typeof pointer>[] {
  return [
    pointer('Which version answers?', 'API サーバのバージョンを確認する', 'kubectl version'),
    pointer('What may the field hold?', 'フィールドの仕様を確認する', 'kubectl explain service.spec'),
  ];
}
