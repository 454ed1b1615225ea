/**
 * Data that outlives its task: reserves disk, makes a volume of it, writes to it, reads it back with a second task, and leaves nothing
 * behind. Ends with 0 when the second task has found what the first one wrote.
 *
 *   node examples/keep-data.ts        the cluster is TRANCHE_URL, default http://127.0.0.1:5050
 */
import {
  Scheduler,
  commandTask,
  createOperation,
  destroyOperation,
  isTerminal,
  launchOperation,
  persistentVolume,
  reserveOperation,
  reserved,
  takeResources,
  unreserveOperation,
} from '@tranche/scheduler';

const owner = { role: 'keeper', principal: 'keeper' };
const volumeId = `note-${process.pid}`;
const note = `written by ${volumeId}`;
const needs = { cpus: 0.1, memMb: 32 };
const soon = { refuse_seconds: 0 };
type Step = 'write' | 'read' | 'clean up' | 'wait';
/** What the next offer is for: nothing, while a task runs or operations are under way. */
let step: Step = 'write';
let next: Step = 'read';
const undone = new Set(['destroy', 'unreserve']);

const scheduler = new Scheduler({
  url: process.env.TRANCHE_URL ?? 'http://127.0.0.1:5050',
  framework: {
    ...{ user: process.env.USER ?? 'root', name: 'keeper', principal: owner.principal, roles: [owner.role] },
    capabilities: [{ type: 'MULTI_ROLE' }, { type: 'RESERVATION_REFINEMENT' }],
  },
  firstPatienceMs: 0,
});

for await (const event of scheduler) {
  if (event.type === 'offers') {
    for (const { id, agent_id, resources = [] } of event.offers) {
      const volume = resources.find(({ disk }) => disk?.persistence?.id === volumeId);
      const disk = takeResources(resources, { diskMb: 64 });
      const rest = takeResources(resources, needs);
      const task = (name: string, command: string, taken: typeof resources) =>
        launchOperation([commandTask({ id: name, command }, { agentId: agent_id.value, resources: taken })]);
      if (step === 'write' && disk.ok && rest.ok) {
        const own = reserved(disk.taken, owner);
        const made = own.map((part) => persistentVolume(part, { ...owner, id: volumeId, containerPath: 'data' }));
        const write = task('writer', `echo '${note}' > data/note`, [...rest.taken, ...made]);
        await scheduler.accept([id.value], [reserveOperation(own), createOperation(made), write], soon);
        [step, next] = ['wait', 'read'];
      } else if (step === 'read' && volume && rest.ok) {
        const read = task('reader', `test "$(cat data/note)" = '${note}'`, [...rest.taken, volume]);
        await scheduler.accept([id.value], [read], soon);
        [step, next] = ['wait', 'clean up'];
      } else if (step === 'clean up' && volume) {
        const { disk: _itIs, ...own } = volume;
        const destroy = destroyOperation([volume], { id: 'destroy' });
        await scheduler.accept([id.value], [destroy, unreserveOperation([own], { id: 'unreserve' })], soon);
        step = 'wait';
      } else await scheduler.decline([id.value], { refuse_seconds: 0.5 });
    }
  } else if (event.type === 'update') {
    const { task_id, state, message = '' } = event.status;
    console.log(`${task_id.value}: ${state} ${message}`);
    if (isTerminal(state) && state !== 'TASK_FINISHED') process.exitCode = 1;
    // Refused before it began: there is no volume to clean up.
    if (state === 'TASK_ERROR' && next === 'read') await scheduler.teardown();
    if (isTerminal(state)) step = process.exitCode === 1 ? 'clean up' : next;
  } else if (event.type === 'operation-update') {
    console.log(`${event.status.operation_id?.value}: ${event.status.state}`);
    if (event.status.state !== 'OPERATION_FINISHED') process.exitCode = 1;
    if (undone.delete(event.status.operation_id?.value ?? '') && undone.size === 0) await scheduler.teardown();
  }
}
