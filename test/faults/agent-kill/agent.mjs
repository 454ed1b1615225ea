// An agent as main.ts runs it, that does as it is told over its IPC channel when it reaches a step: it kills itself with SIGKILL, fills its
// disk, or both.
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAgentConfig, startAgent } from '@tranche/agent';
import { runProcess } from '@tranche/messaging';
import { CrashPoint } from './crash-point.mjs';

const ROOM_POLL_MS = 20;

let fate = 'die';
const point = new CrashPoint(
  (step) => {
    if (fate !== 'die') fillDisk();
    if (fate !== 'fill') process.kill(process.pid, 'SIGKILL');
    point.arm(undefined);
    process.send?.({ filled: step });
  },
  (step) => process.send?.({ passed: step }),
);
const [, , atStart] = process.argv;
if (atStart !== undefined) point.arm(atStart);
let disk;
process.on('message', ({ arm, fate: wanted, room }) => {
  if (room === true) return tellOfRoom();
  fate = wanted;
  point.arm(arm);
  process.send?.({ armed: arm });
});

await runProcess('agent', readAgentConfigOf(), async ({ config, host }) => {
  const seams = {
    containerizer: (inner) => point.aroundContainerizer(inner),
    store: (inner) => point.aroundStore((disk = inner)),
    volumes: (inner) => point.aroundVolumes(inner),
  };
  const agent = await startAgent({ config, host: { ...host, bus: point.aroundBus(host.bus) }, seams });
  process.send?.({ agentId: agent.agentId, port: agent.port, findings: agent.recovery });
  // The test is gone: so is this.
  process.once('disconnect', () => process.exit(1));
  process.once('SIGTERM', () => void agent.stop({ killTasks: false }));
  await agent.ended;
  return 0;
});

/** The step is no option of the agent's. */
function readAgentConfigOf() {
  process.argv.splice(2);
  return readAgentConfig();
}

/** When the agent takes on new things, which is a while after there is room for them. */
function tellOfRoom() {
  if (disk === undefined || disk.shortage !== undefined) return setTimeout(tellOfRoom, ROOM_POLL_MS);
  process.send?.({ room: true });
}

/** To the last block, at once: nothing else happens in this process meanwhile. */
function fillDisk() {
  const block = Buffer.alloc(4096);
  try {
    for (;;) appendFileSync(join(process.env.AGENT_WORK_DIR, 'ballast'), block);
  } catch (error) {
    if (error.code !== 'ENOSPC') throw error;
  }
}
