import { Command, Option } from 'commander';
import { PilabError } from '../errors.js';
import type { Addon } from '../addons/addon.js';
import type { Language } from '../text.js';
import type { Prompt } from '../ssh/prompt.js';
import { elsewhere, isRack, labOf, labOption } from './lab-option.js';

/** `pilab addons`: a load balancer and an ingress controller for a cluster that has none. */
export function addonsCommand(): Command {
  return new Command('addons')
    .description('a load balancer (MetalLB) and an Ingress controller (Traefik) for a cluster that has none')
    .addCommand(listCommand(), { isDefault: true })
    .addCommand(installCommand())
    .addCommand(removeCommand());
}

function listCommand(): Command {
  return new Command('list')
    .description('show the add-ons, and with --lab which of them the cluster has')
    .addOption(new Option('--lab <file>', 'the lab file, or "rack" for the rack on this machine'))
    .addOption(new Option('--lang <language>', 'language (default: the locale’s)').choices(['en', 'ja']))
    .action(async (options: { readonly lab?: string; readonly lang?: Language }) => {
      const code = options.lab === undefined ? undefined : await elsewhere(options.lab);
      process.exitCode = code ?? (await list(options));
    });
}

function installCommand(): Command {
  return new Command('install')
    .description('install add-ons, or bring them to what the lab file says now; may be repeated')
    .argument('<name...>', 'names of add-ons')
    .addOption(labOption())
    .option('--source <name=file>', 'a local copy of an add-on’s manifest, for a lab without internet', collect, {})
    .action(async (names: string[], options: InstallOptions) => {
      process.exitCode = (await elsewhere(options.lab)) ?? (await install(names, options));
    });
}

function removeCommand(): Command {
  return new Command('remove')
    .description('remove add-ons with everything that they brought, after saying what')
    .argument('<name...>', 'names of add-ons')
    .addOption(labOption())
    .option('-y, --yes', 'do not ask')
    .action(async (names: string[], options: { readonly lab: string; readonly yes?: true }) => {
      process.exitCode = (await elsewhere(options.lab)) ?? (await remove(names, options));
    });
}

interface InstallOptions {
  readonly lab: string;
  readonly source: Readonly<Record<string, string>>;
}

/** `--source metallb=FILE`, repeatable. */
export function collect(word: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const [name = '', ...file] = word.split('=');
  if (name !== '' && file.join('=') !== '') return { ...before, [name]: file.join('=') };
  throw new PilabError({
    code: 'ADDON_SOURCE',
    message: `--source ${word}: not understood`,
    hint: 'for example --source metallb=./metallb-native.yaml',
  });
}

async function list({ lab, lang }: { readonly lab?: string; readonly lang?: Language }): Promise<number> {
  const [{ ADDONS }, { localeLanguage }] = await Promise.all([import('../addons/catalog.js'), import('./locale.js')]);
  const language = lang ?? localeLanguage(process.env);
  const states = lab === undefined ? undefined : await statesOn(lab);
  for (const addon of ADDONS) {
    const state = states?.find(({ name }) => name === addon.name);
    const there = state === undefined ? '' : `  [${stateWords(state)}]`;
    process.stdout.write(`${addon.name} ${addon.version}${there}\n  ${addon.title[language]}\n`);
    if (addon.needs.length > 0) process.stdout.write(`  lab.yaml: ${addon.needs.join(', ')}\n`);
    process.stdout.write(`  ${addon.images.join('\n  ')}\n`);
  }
  return 0;
}

async function statesOn(lab: string): Promise<{ name: string; version: string | undefined; ready: boolean }[]> {
  const [{ openSession }, { addonStates }] = await Promise.all([
    import('./session.js'),
    import('../addons/installed.js'),
  ]);
  const session = await openSession(await labOf(lab));
  try {
    return await addonStates(session.cluster);
  } finally {
    session.close();
  }
}

function stateWords({ version, ready }: { version: string | undefined; ready: boolean }): string {
  if (version === undefined) return 'not installed';
  return ready ? `installed, ${version}` : `installed, ${version}, not ready`;
}

async function install(names: readonly string[], options: InstallOptions): Promise<number> {
  const [{ addonsNamed }, { manifestText }, { installAddon }, { openSession }] = await Promise.all([
    import('../addons/catalog.js'),
    import('../addons/source.js'),
    import('../addons/install.js'),
    import('./session.js'),
  ]);
  const addons = addonsNamed(names);
  addonsNamed(Object.keys(options.source));
  const lab = await labOf(options.lab);
  const copies = { ...(isRack(options.lab) ? await rackCopies() : {}), ...options.source };
  // All texts first: what cannot be read must not end a half-done installation.
  const work = await Promise.all(addons.map(async (addon) => ({ addon, manifest: await textOf(addon) })));
  const session = await openSession(lab);
  try {
    const { signal } = new AbortController();
    const results = await Promise.allSettled(
      work.map(async ({ addon, manifest }) => {
        const say = (what: string): void => void process.stdout.write(`${addon.name} ${addon.version}: ${what}\n`);
        const settings = { pool: lab.loadBalancer?.pool, images: lab.images };
        await installAddon(session.cluster, addon, { manifest, lab: settings, signal, say });
        say('installed');
      }),
    );
    await throwFirst(results);
    return 0;
  } finally {
    session.close();
  }

  function textOf(addon: Addon): Promise<string> {
    return manifestText(addon, copies[addon.name]);
  }
}

async function throwFirst(results: readonly PromiseSettledResult<void>[]): Promise<void> {
  const errors = results.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
  if (errors.length === 0) return;
  const { joinErrors } = await import('./join-errors.js');
  throw joinErrors(errors);
}

/** The rack has no internet: it brings copies out of its Go modules. */
async function rackCopies(): Promise<Record<string, string>> {
  const { addonCopies } = await import('../rack/addons.js');
  return addonCopies();
}

async function remove(names: readonly string[], options: { lab: string; yes?: true }): Promise<number> {
  const [{ addonsNamed }, { broughtBy, removeObjects }, { nameOf }, { openSession }, { terminalPrompt }] =
    await Promise.all([
      import('../addons/catalog.js'),
      import('../addons/remove.js'),
      import('../addons/objects.js'),
      import('./session.js'),
      import('./prompt.js'),
    ]);
  const addons = addonsNamed(names);
  const session = await openSession(await labOf(options.lab));
  try {
    const { signal } = new AbortController();
    const found = (await Promise.all(addons.map(({ name }) => broughtBy(name, session.cluster, signal)))).flat();
    if (found.length === 0) {
      process.stdout.write('Nothing of that is on the cluster.\n');
      return 0;
    }
    for (const object of found) process.stdout.write(`${nameOf(object)}\n`);
    if (found.some(({ kind }) => kind === 'CustomResourceDefinition')) {
      process.stdout.write('With a CustomResourceDefinition go all objects of its kind, whoever made them.\n');
    }
    if (options.yes !== true && !(await confirmed(terminalPrompt(), found.length, names))) return 0;
    await removeObjects(session.cluster, found, signal);
    process.stdout.write(`Removed ${found.length}.\n`);
    return 0;
  } finally {
    session.close();
  }
}

async function confirmed(prompt: Prompt, count: number, names: readonly string[]): Promise<boolean> {
  const question = `Remove these ${count} object(s) with everything in them?`;
  if (prompt.interactive) return prompt.confirm(question);
  throw new PilabError({
    code: 'NO_TERMINAL',
    message: `cannot ask "${question}": no terminal`,
    hint: `pilab addons remove ${names.join(' ')} --yes removes them without asking`,
  });
}
