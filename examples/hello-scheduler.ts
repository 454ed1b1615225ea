/**
 * A complete framework: runs N tasks, each a shell command, and ends with 0 when all of them have finished.
 *
 *   node examples/hello-scheduler.ts [N]        the cluster is TRANCHE_URL, default http://127.0.0.1:5050
 */
import { type CommandTask, Scheduler, isTerminal, packOffer } from '@tranche/scheduler';

const count = Number(process.argv[2] ?? 5);
const needs = { cpus: 0.1, memMb: 32 };
let waiting: CommandTask[] = Array.from({ length: count }, (_, n) => ({
  id: `hello-${n}`,
  command: `echo hello from task ${n}; sleep 0.2`,
  ...needs,
}));
let ended = 0;
let failed = 0;

const scheduler = new Scheduler({
  url: process.env.TRANCHE_URL ?? 'http://127.0.0.1:5050',
  framework: { user: process.env.USER ?? 'root', name: 'hello' },
  firstPatienceMs: 0,
});

for await (const event of scheduler) {
  switch (event.type) {
    case 'subscribed':
      console.log(`subscribed as ${event.frameworkId}`);
      break;
    case 'offers':
      for (const offer of event.offers) {
        const packed = packOffer(offer, waiting);
        waiting = packed.waiting;
        console.log(`${offer.hostname}: launching ${packed.launched.length} tasks`);
        await scheduler.launch(offer, packed.launched);
      }
      if (waiting.length === 0) await scheduler.suppress();
      break;
    case 'update': {
      const { task_id, state, message = '' } = event.status;
      console.log(`${task_id.value}: ${state} ${message}`);
      if (!isTerminal(state)) break;
      ended += 1;
      if (state !== 'TASK_FINISHED') failed += 1;
      if (ended === count) await scheduler.teardown();
      break;
    }
  }
}

console.log(`${ended - failed} of ${count} tasks finished`);
process.exitCode = failed === 0 ? 0 : 1;
