// What containers cost through an agent: launch and destroy beside bare crun in the same run; many living ones: the agent's idle CPU, memory,
// processes; how long it takes to find them again after SIGKILL. The agent is a whole one in a process of its own, the services around it are
// played over the in-process broker.
// Flags: --containers N (launched and destroyed, 100), --living N (1000), --idle-seconds N (30), --json FILE, --short (for CI),
// --cpu-prof FOLDER (profiles of the agent's processes).
import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { BareContainers } from './agent/bare-containers.mjs';
import { LivingAgent } from './agent/living-agent.mjs';
import { conditions, printTable, quantiles } from './conditions.mjs';

const { values: flags } = parseArgs({
  options: {
    containers: { type: 'string' },
    living: { type: 'string' },
    'idle-seconds': { type: 'string' },
    json: { type: 'string' },
    'cpu-prof': { type: 'string' },
    short: { type: 'boolean', default: false },
  },
});
const containers = Number(flags.containers ?? (flags.short ? 20 : 100));
const living = Number(flags.living ?? (flags.short ? 20 : 1000));
const idleSeconds = Number(flags['idle-seconds'] ?? (flags.short ? 3 : 30));
const ROUNDS = flags.short ? 2 : 5;
/** As many launches as an agent has under way by default. */
const AT_A_TIME = 8;
/** For what launches leave to be done: garbage collection, compilation, updates under way. */
const SETTLE_MS = flags.short ? 1_000 : 15_000;
const COMMAND = ['sleep', '100000'];

const report = { conditions: conditions(), containers, living };
console.log(`conditions  ${JSON.stringify(report.conditions)}`);
const profiling = flags['cpu-prof'] === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${flags['cpu-prof']}`];
const agent = new LivingAgent(profiling);
let count = 0;
const ids = (n) => Array.from({ length: n }, () => `c${count++}`);

/** Both ways in turn, so that both meet the same machine. @returns milliseconds a container of each round */
async function compare(bare, atATime) {
  const size = Math.ceil(containers / ROUNDS);
  const samples = { agent: [], bare: [] };
  for (let round = 0; round < ROUNDS; round++) {
    samples.bare.push((await bare.launchAndDestroy(size, atATime)) / size);
    samples.agent.push((await agent.tell('launchAndDestroy', { ids: ids(size), atATime, command: COMMAND })) / size);
  }
  return samples;
}

async function launchAndDestroy() {
  const bare = new BareContainers(Math.ceil(containers / ROUNDS), COMMAND);
  try {
    await bare.launchAndDestroy(2, 1);
    await agent.tell('launchAndDestroy', { ids: ids(5), atATime: 1, command: COMMAND });
    report.launchAndDestroy = Object.entries({ 'one by one': 1, [`${AT_A_TIME} at a time`]: AT_A_TIME });
    for (const row of report.launchAndDestroy) {
      const samples = await compare(bare, row[1]);
      const [agentMs, bareMs] = [samples.agent, samples.bare].map((values) => quantiles(values).p50);
      row.splice(1, 1, { agent: agentMs, 'bare crun': bareMs, ratio: (agentMs / bareMs).toFixed(2) });
    }
  } finally {
    bare.close();
  }
  printTable(
    'milliseconds a container, launched and destroyed (median of rounds)',
    report.launchAndDestroy.map(([what, row]) => ({ what, ...row })),
  );
}

async function holdMany() {
  const launchMs = await agent.tell('launch', { ids: ids(living), atATime: AT_A_TIME, command: COMMAND });
  await delay(SETTLE_MS);
  const before = { cpu: agent.cpuSeconds(), at: performance.now() };
  await delay(idleSeconds * 1000);
  const cpuPercent = ((agent.cpuSeconds() - before.cpu) / (performance.now() - before.at)) * 100_000;
  const memory = agent.memory();
  const processes = agent.containerProcesses().length;
  await agent.kill();
  const { recovery, ms: recoveryMs } = await agent.start();
  if (recovery.running !== living) throw new Error(`${recovery.running} of ${living} containers were found again`);
  report.living = {
    containers: living,
    'launched a second': living / (launchMs / 1000),
    'idle CPU, % of a core': cpuPercent.toFixed(2),
    'agent MiB': memory.agent,
    'KiB a container': (memory.others * 1024) / living,
    'processes a container': (processes / living).toFixed(2),
    'kill -9 → found again, ms': recoveryMs,
    'start without any, ms': report.emptyStartMs,
  };
  printTable(
    'living containers of one agent',
    Object.entries(report.living).map(([what, value]) => ({ what, value })),
  );
}

try {
  const { up, ms } = await agent.start();
  report.containerizer = up;
  report.emptyStartMs = ms;
  console.log(`containers  ${up}`);
  await launchAndDestroy();
  await holdMany();
  console.log(`\n  ${living} containers destroyed in ${((await agent.stop()) / 1000).toFixed(1)} s`);
} finally {
  agent.close();
}
if (flags.json) writeFileSync(flags.json, `${JSON.stringify(report, null, 2)}\n`);
