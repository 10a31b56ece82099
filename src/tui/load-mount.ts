import type { Mount } from './mount.js';

/** What makes ink believe that nobody watches: it then draws no picture before the end (is-in-ci 2, under ink 6.8). */
const CI_VARIABLES = ['CI', 'CONTINUOUS_INTEGRATION'];

/**
 * Loads ink, which takes longer than a person likes to wait. Whether the screen is for somebody was decided before, by
 * the terminal; so what ink would conclude from the environment is switched off. It looks while it is loaded, so
 * nothing may import it before this.
 */
export async function loadMount(): Promise<Mount> {
  for (const name of CI_VARIABLES) if (process.env[name] !== undefined) process.env[name] = 'false';
  // React's development build keeps a trace of every render.
  process.env['NODE_ENV'] ??= 'production';
  const { mount } = await import('./mount.js');
  return mount;
}
