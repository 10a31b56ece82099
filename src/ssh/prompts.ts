import pLimit from 'p-limit';
import type { Prompt } from './prompt.js';

/**
 * One question at a time, however many hosts are being connected; and each secret once, however many hosts need it.
 */
export class Prompts implements Prompt {
  private readonly oneAtATime = pLimit(1);
  private readonly remembered = new Map<string, Promise<string>>();

  constructor(private readonly prompt: Prompt) {}

  get interactive(): boolean {
    return this.prompt.interactive;
  }

  confirm(question: string): Promise<boolean> {
    return this.oneAtATime(() => this.prompt.confirm(question));
  }

  secret(question: string): Promise<string> {
    return this.oneAtATime(() => this.prompt.secret(question));
  }

  /** The answer given before, or a new one; one that turns out wrong must be forgotten with {@link Prompts.forget}. */
  secretOnce(question: string): Promise<string> {
    let answer = this.remembered.get(question);
    if (answer === undefined) {
      answer = this.secret(question);
      this.remembered.set(question, answer);
      answer.catch(() => this.remembered.delete(question));
    }
    return answer;
  }

  forget(question: string): void {
    this.remembered.delete(question);
  }

  /** Runs `task` while no question is asked: what waits for it can look again at what the last answer changed. */
  alone<T>(task: (prompt: Prompt) => Promise<T>): Promise<T> {
    return this.oneAtATime(() => task(this.prompt));
  }
}
