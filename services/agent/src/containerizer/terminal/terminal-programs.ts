import type { HostFacts } from '../host-facts.js';
import type { TerminalPrograms } from './terminal-argv.js';

/** Undefined where one of them is not installed: then there are no terminals. */
export function findTerminalPrograms({ find }: Pick<HostFacts, 'find'>): TerminalPrograms | undefined {
  const [script, stty] = ['script', 'stty'].map(find);
  return script === undefined || stty === undefined ? undefined : { script, stty };
}
