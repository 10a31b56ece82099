import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Command, Option } from 'commander';
import type { Playbook } from '../playbook/schema.js';
import { LANGUAGES, type Language } from '../text.js';
import { labOf } from './lab-option.js';

interface ExportOptions {
  readonly lang?: Language;
  readonly lab?: string;
}

/** `pilab export <playbook>`: the playbook as a shell script, for who wants to do it by hand. */
export function exportCommand(): Command {
  return new Command('export')
    .description('print a playbook as a shell script of kubectl, curl and dig commands, to run by hand')
    .argument('<playbook>', 'name of a shipped playbook, or a file')
    .addOption(new Option('--lang <language>', 'language of the comments (default: the locale’s)').choices(LANGUAGES))
    .option('--lab <file>', 'put the hosts of this lab file (or of the "rack") into the script')
    .action(async (name: string, options: ExportOptions) => {
      const [{ loadPlaybooks, SHIPPED }, { scriptOf }, { localeLanguage }, { labImage }, { DEFAULT_PROBE_IMAGE }] =
        await Promise.all([
          import('../playbook/library.js'),
          import('../script/script.js'),
          import('./locale.js'),
          import('../steps/manifest.js'),
          import('../probe/pod.js'),
        ]);
      const lab = options.lab === undefined ? undefined : await labOf(options.lab);
      for (const playbook of await loadPlaybooks([name])) {
        const script = scriptOf(playbook, {
          lang: options.lang ?? localeLanguage(process.env),
          manifests: SHIPPED.manifests,
          elsewhere: await besidePlaybook(playbook),
          probeImage: labImage(DEFAULT_PROBE_IMAGE, lab?.images ?? {}),
          lab,
        });
        process.stdout.write(script);
      }
    });
}

/** Manifests that lie beside the playbook, which come before the shipped ones. */
async function besidePlaybook(playbook: Playbook): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const file of playbook.manifests.keys()) {
    const path = join(dirname(playbook.file), file);
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      found.set(file, path);
  }
  return found;
}
