import type { Step, StepOf } from '../playbook/schema.js';
import { text, type Text } from '../text.js';
import { commandWords } from './command-words.js';
import { dnsWords } from './dns-words.js';
import { fieldWords } from './field-words.js';
import { httpWords } from './http-words.js';

/** What should be seen at a step, a sentence each, for a class that is about to see it. References stay as they are. */
export function expectationWords(step: Step): Text[] {
  switch (step.kind) {
    case 'apply':
      return [text('The API server accepts it.', 'API サーバが受け付けます。')];
    case 'delete':
      return [text(`Afterwards ${step.delete.join(', ')} is gone.`, `${step.delete.join('、')} がなくなります。`)];
    case 'scale':
      return [
        text(
          `The API server accepts it; pods start or stop until there are ${step.replicas}.`,
          `API サーバが受け付け、Pod が ${step.replicas} 個になるまで増減します。`,
        ),
      ];
    case 'patch':
      return [text('The API server accepts the change.', 'API サーバが変更を受け付けます。')];
    case 'wait':
      return waitWords(step);
    case 'pause':
      return [text('Nothing is asked; time passes.', '何も尋ねずに、時間が経つのを待ちます。')];
    case 'save': {
      const names = Object.keys(step.values);
      return [text(`Kept for later steps: ${names.join(', ')}.`, `後の手順のために記録します: ${names.join('、')}`)];
    }
    case 'probe':
      return probeWords(step);
    case 'check':
      return checkWords(step);
    case 'try':
      return tryWords(step);
  }
}

function waitWords({ wait, is, until }: StepOf<'wait'>): Text[] {
  if (is === undefined) return Object.entries(until ?? {}).map(([path, matcher]) => fieldWords(path, matcher));
  return [
    {
      ready: text(`${wait} becomes ready.`, `${wait} の準備ができます。`),
      gone: text(`${wait} is gone.`, `${wait} がなくなります。`),
      serving: text(
        'Its members are the ready pods, and it answers at every place that will ask.',
        'メンバーが準備済みの Pod と一致し、これから尋ねるすべての場所で応答します。',
      ),
      empty: text('It has no members, and its address refuses.', 'メンバーがいなくなり、接続拒否になります。'),
    }[is],
  ];
}

function probeWords(step: StepOf<'probe'>): Text[] {
  const words =
    step.tool === 'curl' ? httpWords(step) : step.tool === 'dig' ? dnsWords(step.expect) : commandWords(step.expect);
  const { within } = step;
  if (within === undefined) return words;
  return [...words, text(`All this within ${within / 1000} s.`, `以上が ${within / 1000} 秒以内に成り立ちます。`)];
}

function checkWords(step: StepOf<'check'>): Text[] {
  const { endpoints, object, exists, fields, objects, events, podNetwork, newAddresses } = step;
  const there =
    exists === false
      ? text(`${object ?? ''} does not exist.`, `${object ?? ''} は存在しません。`)
      : text(`${object ?? ''} exists.`, `${object ?? ''} が存在します。`);
  return [
    ...(endpoints === undefined ? [] : endpointWords(endpoints)),
    ...(exists === undefined ? [] : [there]),
    ...Object.entries(fields ?? {}).map(([path, matcher]) => fieldWords(path, matcher)),
    ...(objects === undefined
      ? []
      : [
          text(
            `${objects.kind} objects${objects.labels === undefined ? '' : ` with ${objects.labels}`}: ${objects.count}.`,
            `${objects.kind}${objects.labels === undefined ? '' : `（${objects.labels}）`}の数は ${objects.count} です。`,
          ),
        ]),
    ...(events === undefined
      ? []
      : [
          text(
            `There are events about ${events.of}: ${events.reasons.join(', ')}.`,
            `${events.of} についてのイベントがあります: ${events.reasons.join('、')}`,
          ),
        ]),
    ...(podNetwork === undefined
      ? []
      : [
          text(
            'Each node has a segment of its own, and each pod an address of its node’s segment.',
            'ノードごとに範囲が分かれ、Pod のアドレスはそのノードの範囲に入っています。',
          ),
        ]),
    ...(newAddresses === undefined
      ? []
      : [
          text(
            'Not one of the addresses from before is used again.',
            '以前と同じアドレスを持つ Pod は1つもありません。',
          ),
        ]),
  ];
}

function endpointWords({
  of,
  are,
  ports,
  slices,
  count,
  hints,
  managedBy,
}: NonNullable<StepOf<'check'>['endpoints']>): Text[] {
  const members =
    are === 'none'
      ? text(`${of} has no members.`, `${of} にはメンバーがいません。`)
      : are === 'readyPods'
        ? text(
            `The members of ${of} are exactly the ready pods that its selector matches.`,
            `${of} のメンバーは、セレクタに合う準備済みの Pod とちょうど一致します。`,
          )
        : text(`The members of ${of} are ${are.join(', ')}.`, `${of} のメンバーは ${are.join('、')} です。`);
  return [
    members,
    ...(count === undefined ? [] : [text(`There are ${count} of them.`, `その数は ${count} です。`)]),
    ...(ports === undefined || ports.length === 0
      ? []
      : [text(`They are listed at port ${ports.join(', ')}.`, `ポートは ${ports.join('、')} です。`)]),
    ...(slices === undefined ? [] : [text(`EndpointSlices: ${slices}.`, `EndpointSlice の数は ${slices} です。`)]),
    ...(hints === undefined
      ? []
      : [
          hints === 'none'
            ? text('They carry no hints.', 'ヒントは付きません。')
            : text(
                'Each hint names the endpoint’s own node.',
                '各ヒントは、そのエンドポイント自身のノードを指します。',
              ),
        ]),
    ...(managedBy === undefined ? [] : [text(`${managedBy} keeps them.`, `管理しているのは ${managedBy} です。`)]),
  ];
}

function tryWords({ expect }: StepOf<'try'>): Text[] {
  if ('rejected' in expect) {
    const { rejected, status } = expect;
    const number = status === undefined ? '' : ` (${status})`;
    return [
      text(
        `The API server rejects it${number}: “${rejected.join('”, “')}”.`,
        `API サーバが拒否します${number}: 「${rejected.join('」「')}」`,
      ),
    ];
  }
  const { warns } = expect;
  return [
    text('The API server accepts it.', 'API サーバが受け付けます。'),
    ...(warns === undefined
      ? []
      : [text(`It warns: “${warns.join('”, “')}”.`, `警告が出ます: 「${warns.join('」「')}」`)]),
  ];
}
