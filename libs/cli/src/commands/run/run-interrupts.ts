import { constants } from 'node:os';
import type { CliContext } from '../../cli-context.js';
import type { RunFramework } from './run-framework.js';

/**
 * What Ctrl-C does to a run: the first kills the tasks, on a terminal with several instances after a question that is asked once; the
 * second leaves at once. SIGTERM kills them without a question.
 *
 * @returns a function that ends this
 */
export function handleInterrupts(run: RunFramework, { io, flags }: CliContext): () => void {
  let interrupts = 0;
  let hasAsked = flags.yes === true || !io.canAsk || run.instances.length === 1;
  const interrupt = async (): Promise<void> => {
    interrupts += 1;
    if (interrupts > 1) return run.leave(128 + constants.signals.SIGINT);
    if (!hasAsked && run.live.length > 0) {
      hasAsked = true;
      const isAgreed = await io.ask(`kill ${run.live.map(({ name }) => name).join(', ')}?`);
      if (interrupts > 1) return;
      if (!isAgreed) {
        interrupts = 0;
        return;
      }
    }
    await run.stop(128 + constants.signals.SIGINT);
  };
  const stops = [
    io.onSignal('SIGINT', () => void interrupt()),
    io.onSignal('SIGTERM', () => void run.stop(128 + constants.signals.SIGTERM)),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
