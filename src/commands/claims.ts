import { Command, Option } from 'commander';
import { PilabError } from '../errors.js';
import type { ClaimResult } from '../event/claim-results.js';
import type { Claim, Claims } from '../playbook/claims.js';
import type { Playbook } from '../playbook/schema.js';
import type { Unproven } from '../playbook/unproven.js';
import type { ClaimRow, ProvingStep } from '../report/claims.js';
import { LANGUAGES, type Language } from '../text.js';

interface ClaimsOptions {
  readonly lang?: Language;
  readonly display: 'plain' | 'json';
  readonly records?: string;
}

/** `pilab claims [id|section…]`: what the chapter claims, which step proves it, and what the last runs said. */
export function claimsCommand(): Command {
  return new Command('claims')
    .description('list what the chapter claims, the steps that prove it, and what the last runs found')
    .argument('[claim...]', 'ids (B05) or sections (B) (default: all)')
    .addOption(new Option('--display <kind>', 'how to show them').choices(['plain', 'json']).default('plain'))
    .addOption(new Option('--lang <language>', 'language of the texts (default: the locale’s)').choices(LANGUAGES))
    .option('--records <folder>', 'read the records of runs there (default: the user’s state folder)')
    .action(async (words: string[], options: ClaimsOptions) => {
      const [rows, { screenOf }, { localeLanguage }] = await Promise.all([
        readRows(words, options.records),
        import('../report/style.js'),
        import('./locale.js'),
      ]);
      if (options.display === 'json') {
        const { claimsJson } = await import('../report/claims-json.js');
        process.stdout.write(`${JSON.stringify(claimsJson(rows), undefined, 2)}\n`);
        return;
      }
      const { claimTable } = await import('../report/claims.js');
      const view = { screen: screenOf(process.stdout, process.env), lang: options.lang ?? localeLanguage(process.env) };
      process.stdout.write(claimTable(rows, view));
    });
}

async function readRows(words: readonly string[], records: string | undefined): Promise<ClaimRow[]> {
  const [{ loadClaims, loadPlaybooks, loadUnproven }, { SECTIONS, claimHint }, { claimsOf }] = await Promise.all([
    import('../playbook/library.js'),
    import('../playbook/claims.js'),
    import('../plan/plan.js'),
  ]);
  const claims = await loadClaims();
  const wanted = chosen(words, claims, claimHint);
  const [playbooks, unproven, last] = await Promise.all([loadPlaybooks([]), loadUnproven(), lastResults(records)]);
  const steps = provingSteps(playbooks, claimsOf);
  return wanted.map(({ id, section, text }) => {
    const [result, why]: [ClaimResult | undefined, Unproven | undefined] = [last.get(id), unproven.get(id)];
    return {
      id,
      section: { id: section, title: SECTIONS[section] ?? { en: section, ja: section } },
      text,
      steps: steps.get(id) ?? [],
      ...(result === undefined ? {} : { last: result }),
      ...(why === undefined ? {} : { unproven: { kind: why.kind, reason: why.reason } }),
    };
  });
}

/** The claims that the words name, in the chapter's order. @throws PilabError `CLAIM_NOT_FOUND`, about all of the words */
function chosen(
  words: readonly string[],
  claims: Claims,
  hintOf: (id: string, claims: Claims) => string,
): readonly Claim[] {
  const all = [...claims.values()];
  if (words.length === 0) return all;
  const ids = words.map((word) => word.toUpperCase());
  const unknown = ids.filter((id) => !all.some((claim) => claim.id === id || claim.section === id));
  if (unknown.length > 0) {
    throw new PilabError({
      code: 'CLAIM_NOT_FOUND',
      message: unknown.map((id) => `there is no claim "${id}"; ${hintOf(id, claims)}`).join('\n'),
      hint: 'pilab claims lists all of them',
    });
  }
  return all.filter((claim) => ids.includes(claim.id) || ids.includes(claim.section));
}

function provingSteps(
  playbooks: readonly Playbook[],
  claimsOf: (step: Playbook['steps'][number]) => readonly string[],
): Map<string, ProvingStep[]> {
  const found = new Map<string, ProvingStep[]>();
  for (const { name, steps } of playbooks) {
    for (const [index, step] of steps.entries()) {
      const { file, line } = step.where;
      const proving = { playbook: name, step: index + 1, where: `${file}:${line}` };
      for (const claim of claimsOf(step)) found.set(claim, [...(found.get(claim) ?? []), proving]);
    }
  }
  return found;
}

/** What the newest runs said; what cannot be read is told on standard error. */
async function lastResults(folder: string | undefined): Promise<ReadonlyMap<string, ClaimResult>> {
  const [{ CLAIM_EVENTS, claimResults, newestResults }, { readRecords }, { recordsFolder }] = await Promise.all([
    import('../event/claim-results.js'),
    import('./records.js'),
    import('./record-file.js'),
  ]);
  const { records, warnings } = await readRecords(folder ?? recordsFolder(), new Set(CLAIM_EVENTS), {
    // Who has not run anything yet has no such folder.
    mayBeMissing: folder === undefined,
  });
  for (const warning of warnings) process.stderr.write(`pilab: warning: ${warning}\n`);
  return newestResults(records.map(({ events }) => claimResults(events)));
}
