/** The person at the terminal, as far as SSH needs them. The command line gives a real one. */
export interface Prompt {
  /** False: nobody is there, nothing is ever asked. */
  readonly interactive: boolean;
  /** A yes-or-no question; the text may have several lines. */
  confirm(question: string): Promise<boolean>;
  /** A password or passphrase, typed without being shown. */
  secret(question: string): Promise<string>;
}

/** For runs without a terminal. */
export const NO_PROMPT: Prompt = {
  interactive: false,
  confirm: () => Promise.resolve(false),
  secret: () => Promise.reject(new Error('there is no terminal to ask in')),
};
