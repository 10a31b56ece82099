import type { Chosen } from './action.js';
import { quote } from '../quote.js';
import { selectedHost, selectedPlaybook, selectedRun } from './rows.js';
import type { TuiState } from './state.js';

/** The command that does by hand what is selected; undefined: nothing is selected, or there is nothing to type. */
export function commandLine(state: TuiState): string | undefined {
  switch (state.place) {
    case 'hosts': {
      const host = selectedHost(state);
      return host === undefined ? undefined : `ssh ${host.name}`;
    }
    case 'playbooks': {
      const row = selectedPlaybook(state);
      return row === undefined ? undefined : verifyLine(state.labOption, [{ name: row.info.name }]);
    }
    case 'run': {
      const row = selectedRun(state);
      if (row === undefined) return undefined;
      if (row.kind === 'playbook') return verifyLine(state.labOption, [{ name: row.playbook.info.name }]);
      // What was really asked has its references filled in.
      const asked = row.step.judgements.find(({ evidence }) => evidence.length > 0)?.evidence[0]?.command;
      const command = asked ?? row.step.info.command;
      return command === '' ? undefined : command;
    }
  }
}

/** `pilab verify clusterip --from clusterip/7 --lab rack`. */
export function verifyLine(lab: string, playbooks: readonly Chosen[]): string {
  const names = playbooks.map(({ name }) => name);
  const from = playbooks.flatMap(({ name, from: step }) =>
    step === undefined || step === 1 ? [] : [`${name}/${step}`],
  );
  const words = [...names, ...from.flatMap((step) => ['--from', step]), ...(lab === 'lab.yaml' ? [] : ['--lab', lab])];
  return quote(['pilab', 'verify', ...words]);
}
