import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTestServersConfig, TestServers } from '@tranche/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFaultsConfig } from './mesh/faults.config.js';
import { type AgentPlan, Mesh } from './mesh/mesh.js';
import { distributionOf, failureText, summaryOf } from './mesh/report.js';
import { possibilitiesOf, type Round, runRound } from './mesh/run-round.js';

const config = readFaultsConfig();
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const look = await TestServers.find(readTestServersConfig(), say);
const missing = look.missing('amqp') ?? look.missing('mysql');
const isRoot = process.getuid?.() === 0;

const RESOURCES = 'cpus:4;mem:1024;disk:1024;ports:[31000-31031]';
/** One runs real containers where that is possible. */
const AGENTS: readonly AgentPlan[] = [
  { containerizer: 'process', resources: RESOURCES, hasSmallDisk: false },
  { containerizer: 'process', resources: RESOURCES, hasSmallDisk: true },
  { containerizer: isRoot ? 'oci' : 'process', resources: RESOURCES, hasSmallDisk: false },
];

describe.skipIf(missing)(`the mesh while parts of it die ${missing ?? ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'tranche-faults-'));
  const rounds: Round[] = [];
  let mesh: Mesh;
  beforeAll(async () => {
    mkdirSync(join(folder, 'evidence'), { mode: 0o777 });
    mesh = await Mesh.start({
      folder,
      agents: AGENTS,
      say,
      env: { BROKER_OFFERS_PARTITIONS: String(config.partitions) },
    });
    const { canKillBroker, canKillDatabase, fillableAgents } = await possibilitiesOf(mesh);
    if (!canKillBroker || !canKillDatabase)
      say('broker or database are no processes of this machine: they are cut off, not killed');
    if (fillableAgents.length === 0) say('no disk is filled: that needs root, to mount a small one');
  }, 300_000);
  afterAll(async () => {
    await mesh?.stop();
    for (const service of ['allocator', 'offers']) say(distributionOf(rounds, service));
    const isWhole = rounds.length === config.seeds.length && rounds.every(({ violations }) => violations.length === 0);
    if (isWhole && !config.keep) rmSync(folder, { recursive: true, force: true });
    else say(`logs, work directories and evidence: ${folder}`);
  }, 120_000);

  for (const seed of config.seeds)
    it(`loses nothing, runs nothing twice and adds up again with seed ${seed}`, {
      timeout: config.minutes * 300_000 + config.killsAlone * 120_000 + 600_000,
    }, async () => {
      say(`\nfaults: seed ${seed}, ${config.minutes} min, offers in ${config.partitions} partitions`);
      const durationMs = config.minutes * 60_000;
      const round = await runRound(mesh, {
        seed,
        durationMs,
        frameworks: config.partitions > 1 ? 3 : 1,
        killsAlone: seed === config.seeds.at(-1) ? config.killsAlone : 0,
        folder,
        say,
      });
      rounds.push(round);
      for (const line of summaryOf(round)) say(line);
      expect(round.violations.length, failureText(round, config)).toBe(0);
      expect(round.history.log.filter(({ kind }) => kind === 'launch').length).toBeGreaterThan(0);
    });
});
