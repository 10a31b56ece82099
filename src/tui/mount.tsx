import { render, type Instance } from 'ink';
import { Screen } from './Screen.js';
import type { Store } from './store.js';
import type { Terminal } from './terminal.js';

/** The screen on a terminal. */
export interface Mounted {
  /** Forgets what is on the terminal, so that the next picture is drawn whole. */
  forget(): void;
  unmount(): void;
}

/** See {@link mount}. */
export type Mount = (store: Store, terminal: Terminal, linear: boolean) => Mounted;

/** Lets ink draw the store. Keys go to the store; ink itself ends nothing. */
export const mount: Mount = (store, { stdin, stdout }, linear) => {
  const instance: Instance = render(<Screen store={store} />, {
    stdin,
    stdout: withoutResize(stdout),
    exitOnCtrlC: false,
    patchConsole: false,
    isScreenReaderEnabled: linear,
    // ink 6.8's incremental way counts one line too few above a trailing line end, and every picture slips down.
    incrementalRendering: false,
  });
  return { forget: () => instance.clear(), unmount: () => instance.unmount() };
};

/**
 * ink draws its old picture again as soon as it hears of a new size. The size goes through the state instead: the
 * terminal is cleared, and the next picture fits.
 */
function withoutResize(stdout: NodeJS.WriteStream): NodeJS.WriteStream {
  return new Proxy(stdout, {
    get: (target, key) => {
      if (key === 'on' || key === 'off' || key === 'addListener' || key === 'removeListener') {
        return (name: string, listener: () => void) => {
          if (name !== 'resize')
            (target[key] as (name: string, listener: () => void) => unknown).call(target, name, listener);
          return stdout;
        };
      }
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
  });
}
