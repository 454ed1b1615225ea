export interface ConfigMistake {
  /** Option or variable as it was written. */
  readonly name: string;
  /** What is wrong with it, with its value. */
  readonly problem: string;
}

/** The configuration has mistakes: all of them. The process prints them and stops with exit code 2. */
export class ConfigError extends Error {
  readonly code = 'config/invalid';
  constructor(readonly mistakes: readonly ConfigMistake[]) {
    super(mistakes.map((m) => `${m.name}: ${m.problem}`).join('\n'));
    this.name = 'ConfigError';
  }
}
