// A whole agent with real containers in a process of its own, among services that are played in it. Its options are in the environment; it is
// told over IPC what to do, and tells when it is done.
import 'reflect-metadata';
import { readAgentConfig, startAgent } from '@tranche/agent';
import { silentLogger } from '@tranche/telemetry';
import { PlayedControlPlane } from './played-control-plane.mjs';

const { config } = readAgentConfig();
const cluster = new PlayedControlPlane();
const agent = await startAgent({ config, host: cluster.host(silentLogger) });

/** Calls `act` with each id, so many at a time. */
async function each(ids, atATime, act) {
  const waiting = [...ids];
  const worker = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) await act(id);
  };
  await Promise.all(Array.from({ length: atATime }, worker));
}

const acts = {
  launch: ({ ids, atATime, command }) => each(ids, atATime, (id) => cluster.launch(id, command)),
  launchAndDestroy: ({ ids, atATime, command }) =>
    each(ids, atATime, async (id) => {
      await cluster.launch(id, command);
      await cluster.destroy(id);
    }),
  stop: () => agent.stop({ killTasks: true }),
};
async function carryOut({ act, ...how }) {
  const begin = performance.now();
  try {
    await acts[act](how);
    process.send({ done: act, ms: performance.now() - begin });
  } catch (error) {
    process.send({ failed: act, error: String(error) });
  }
  if (act === 'stop') process.disconnect();
}
process.on('message', (message) => void carryOut(message));
process.on('disconnect', () => process.exit());
process.send({ up: agent.containers, recovery: agent.recovery });
