import { Random } from '../fuzz/random.mjs';
import { Ledger } from './ledger.js';
import { LimitedFramework } from './limited-framework.js';
import { LimitsCluster, TOTAL } from './limits-cluster.js';
import { QuotaOperator } from './quota-operator.js';
import { TaskClock } from './task-clock.js';

/** Roles that have quotas; `eng` has roles below it. */
const ROLES = ['red', 'green', 'blue', 'eng'] as const;
const FRAMEWORKS = [
  { name: 'f-red', roles: ['red'] },
  { name: 'f-green', roles: ['green'] },
  { name: 'f-blue-dev', roles: ['blue', 'eng/dev'] },
  { name: 'f-eng', roles: ['eng'] },
  { name: 'f-ci', roles: ['eng/ops/ci', 'red'] },
];
const LATE = { name: 'f-late', roles: ['late'], isGreedy: true };
/** What is guaranteed to the role that comes when all is in use, thousandths. */
const GUARANTEE = { cpus: 12_000, mem: 8_192_000 };
const MAX_PAUSE_MS = 250;
const PATIENCE_MS = 60_000;

export interface LimitsRun {
  readonly seed: number;
  readonly durationMs: number;
  readonly say: (line: string) => void;
}

export interface LimitsReport {
  /** One sentence each. */
  readonly violations: readonly string[];
  readonly launches: number;
  readonly limited: number;
  readonly close: number;
  readonly quotasSet: number;
  readonly quotasRefused: number;
  readonly rounds: number;
  /** What operators did last. */
  readonly log: readonly string[];
}

/** Rounds of three parts: quotas at random, a guarantee to a latecomer, and a look at the books while nothing moves. */
export async function runLimits({ seed, durationMs, say }: LimitsRun): Promise<LimitsReport> {
  const random = new Random(seed);
  const ledger = new Ledger();
  const clock = new TaskClock(ledger, random, (taskId) => taskId.startsWith(LATE.name));
  const cluster = await LimitsCluster.start(random, clock);
  const operator = new QuotaOperator(cluster.urls, ledger);
  const round = new Round(cluster, { ledger, clock, operator, random });
  let rounds = 0;
  try {
    const until = Date.now() + durationMs;
    while (ledger.violations.length === 0 && (rounds === 0 || Date.now() < until)) {
      await round.play(Math.max(2_000, Math.min(10_000, (until - Date.now()) / 2)));
      rounds++;
      say(`limits: seed ${seed}, round ${rounds}: ${JSON.stringify({ ...ledger.counts, ...operator.counts })}`);
    }
    await round.end();
  } finally {
    await cluster.stop();
  }
  const { done: quotasSet, refused: quotasRefused } = operator.counts;
  return { violations: ledger.violations, ...ledger.counts, quotasSet, quotasRefused, rounds, log: operator.log };
}

interface RoundParts {
  readonly ledger: Ledger;
  readonly clock: TaskClock;
  readonly operator: QuotaOperator;
  readonly random: Random;
}

class Round {
  private readonly others: readonly LimitedFramework[];
  private readonly late: LimitedFramework;

  constructor(
    private readonly cluster: LimitsCluster,
    private readonly parts: RoundParts,
  ) {
    const { ledger, random } = parts;
    const start = (plan: (typeof FRAMEWORKS)[number]): LimitedFramework =>
      new LimitedFramework(cluster.urls.offers, plan, ledger, random);
    this.others = FRAMEWORKS.map(start);
    this.late = start(LATE);
  }

  async play(randomMs: number): Promise<void> {
    await this.late.suppress();
    await this.changeQuotas(randomMs);
    await this.guaranteeWhileFull();
    await this.compareBooks();
  }

  async end(): Promise<void> {
    const { clock } = this.parts;
    clock.go();
    clock.endStaying();
    await Promise.all([...this.others, this.late].map((one) => one.end()));
  }

  private async changeQuotas(forMs: number): Promise<void> {
    const { operator, random, ledger } = this.parts;
    const until = Date.now() + forMs;
    while (Date.now() < until && ledger.violations.length === 0) {
      await operator.act(ROLES, random);
      await pause(random.next() * MAX_PAUSE_MS);
    }
  }

  /** Others have everything and want more; what ends goes to the one with the guarantee until it is met. */
  private async guaranteeWhileFull(): Promise<void> {
    const { operator, ledger, clock } = this.parts;
    for (const role of ROLES) await operator.update(role, { force: true });
    clock.hold();
    await this.until('the cluster is full', () => isFull(ledger));
    clock.go();
    await this.late.revive();
    const { status, text } = await operator.update('late', { guarantees: GUARANTEE });
    if (status !== 200) ledger.violations.push(`a guarantee that fits was refused: ${text}`);
    await this.until('the guarantee is met', () => isMet(ledger));
    await this.late.suppress();
    await operator.remove('late');
    clock.endStaying();
  }

  /** Nothing begins and nothing ends: `/roles` and the ledger say the same, and a limit fits if it is not below that. */
  private async compareBooks(): Promise<void> {
    const { operator, ledger, clock } = this.parts;
    clock.hold();
    await Promise.all(this.others.map((one) => one.suppress()));
    await this.until('what roles say that they consume is what runs', () => this.areBooksEqual());
    for (const role of ROLES) {
      const { cpus = 0 } = ledger.consumedBy(role);
      if (cpus === 0) continue;
      const tooLow = await operator.update(role, { limits: { cpus: cpus - 1 } });
      if (tooLow.status !== 400) ledger.violations.push(`a limit below use was answered ${tooLow.status}`);
      const just = await operator.update(role, { limits: { cpus } });
      if (just.status !== 200) ledger.violations.push(`a limit of what is used was refused: ${just.text}`);
    }
    clock.go();
    await Promise.all(this.others.map((one) => one.revive()));
  }

  private async areBooksEqual(): Promise<boolean> {
    const answer = await fetch(`${this.cluster.urls.quota}/roles`);
    const { roles } = (await answer.json()) as { roles: { name: string; quota: { consumed: object } }[] };
    const stated = Object.fromEntries(roles.map(({ name, quota }) => [name, quota.consumed]));
    return ROLES.every((role) => isSame(stated[role] ?? {}, this.parts.ledger.consumedBy(role)));
  }

  /** @throws Error when it does not come to be, or a framework was thrown out */
  private async until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!(await isSo())) {
      const broken = [...this.others, this.late].find(({ failure }) => failure !== undefined);
      if (broken !== undefined) throw broken.failure;
      if (this.parts.ledger.violations.length > 0) return;
      if (Date.now() > deadline) {
        const { ledger } = this.parts;
        const held = JSON.stringify({ all: ledger.consumed, late: ledger.consumedBy('late') });
        throw new Error(`waited ${PATIENCE_MS} ms in vain until ${what}: ${held} of ${JSON.stringify(TOTAL)}`);
      }
      await pause(50);
    }
  }
}

const isFull = ({ consumed: { cpus = 0 } }: Ledger): boolean => cpus >= 0.9 * TOTAL.cpus;

function isMet(ledger: Ledger): boolean {
  const { cpus = 0, mem = 0 } = ledger.consumedBy('late');
  return cpus >= GUARANTEE.cpus && mem >= GUARANTEE.mem;
}

const isSame = (stated: object, counted: Readonly<Record<string, number>>): boolean => {
  const amounts = stated as Readonly<Record<string, number>>;
  const names = new Set([...Object.keys(amounts), ...Object.keys(counted)]);
  return [...names].every((name) => Math.round((amounts[name] ?? 0) * 1_000) === (counted[name] ?? 0));
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
