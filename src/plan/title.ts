import type { Step } from '../playbook/schema.js';
import type { Text } from '../text.js';

/** A headline for a step whose author gave none. */
export function defaultTitle(step: Step): Text {
  switch (step.kind) {
    case 'apply':
      return both(`Apply ${step.apply.join(', ')}`, `${step.apply.join('、')} を適用する`);
    case 'delete':
      return both(`Delete ${step.delete.join(', ')}`, `${step.delete.join('、')} を削除する`);
    case 'scale':
      return both(`Scale ${step.scale} to ${step.replicas}`, `${step.scale} のレプリカ数を ${step.replicas} にする`);
    case 'patch':
      return both(`Patch ${step.patch}`, `${step.patch} を変更する`);
    case 'wait':
      return step.is === undefined
        ? both(`Wait until ${step.wait} has what is needed`, `${step.wait} が必要な状態になるまで待つ`)
        : both(`Wait until ${step.wait} is ${step.is}`, `${step.wait} が${WAITED[step.is]}まで待つ`);
    case 'pause':
      return both(`Let ${step.pause / 1000} seconds pass`, `${step.pause / 1000} 秒待つ`);
    case 'save':
      return both(
        `Remember ${Object.keys(step.values).join(', ')}`,
        `${Object.keys(step.values).join('、')} を記録する`,
      );
    case 'probe':
      return both(`Probe from ${step.from}`, `${step.from} から確かめる`);
    case 'check':
      return both('Look at the live objects', 'オブジェクトの状態を確かめる');
    case 'try':
      return both('Try what must be refused', '拒否されるはずの操作を試す');
  }
}

const WAITED = { ready: '準備できる', gone: 'なくなる', serving: '応答する', empty: '応答しなくなる' } as const;

function both(en: string, ja: string): Text {
  return { en, ja };
}
