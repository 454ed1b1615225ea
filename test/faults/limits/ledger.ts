/** Thousandths, by resource name: of cpus, and of MiB of memory. */
export type Amounts = Readonly<Record<string, number>>;

/** A task as the framework that launches it knows it. */
export interface PlannedTask {
  readonly taskId: string;
  readonly role: string;
  /** From the offer's id: offers are numbered in the order in which they are made. */
  readonly offerNumber: number;
  readonly amounts: Amounts;
}

/** What may be in force of a role's limits, and from which event to which. */
interface LimitsInForce {
  readonly limits: Amounts;
  /** When they were asked for. */
  readonly from: number;
  /** When the answer came to what was asked for afterwards. */
  to: number;
}

/** An operator's change of a role's limits that is under way. */
export interface LimitsChange {
  /** @param outcome `unknown`: no answer came, it may hold or not */
  answered(outcome: 'done' | 'refused' | 'unknown'): void;
}

interface SentTask extends PlannedTask {
  readonly sentAt: number;
}

const topLevelOf = (role: string): string => role.split('/', 1)[0] as string;
const UNLIMITED: Amounts = {};

/**
 * What roles consume as seen from outside, and whether a launch has taken one above its limit.
 *
 * Told by frameworks what they launch, by agents what begins and ends on them, by operators what they set. A task counts from when its agent
 * has it until its agent says that it has ended: at most what the cluster counts.
 *
 * A launch must fit the limits that were answered before it was asked for, unless others were asked for before it began: then one of them.
 * Consumption that was above a new limit already stays; what comes on top is wrong. Roles below the top level are charged to their ancestor
 * but not bounded by its limit (allocation rule A14): of them, what was offered later than what is launched now is left out.
 */
export class Ledger {
  readonly violations: string[] = [];
  /** Launches that were held against a limit, and those among them that left less than a tenth of it. */
  readonly counts = { launches: 0, limited: 0, close: 0 };
  private readonly sent = new Map<string, SentTask>();
  private readonly live = new Map<string, SentTask>();
  private readonly limits = new Map<string, LimitsInForce[]>();
  private events = 0;

  /** A framework is about to ask for tasks. */
  launching(tasks: readonly PlannedTask[]): void {
    const sentAt = ++this.events;
    for (const task of tasks) this.sent.set(task.taskId, { ...task, sentAt });
  }

  /** An agent has a task. @throws Error for a task that nobody has asked for */
  launched(taskId: string): void {
    const task = this.sent.get(taskId);
    if (task === undefined) throw new Error(`nobody has asked for task ${taskId}`);
    this.sent.delete(taskId);
    this.live.set(taskId, task);
    this.counts.launches++;
    // What is below the top level is not bounded.
    if (!task.role.includes('/')) this.check(task);
  }

  ended(taskId: string): void {
    this.sent.delete(taskId);
    this.live.delete(taskId);
  }

  /**
   * An operator is about to set limits.
   *
   * @param limits a name that is missing is unlimited
   * @param isChecked they shall be refused when the role uses more
   */
  changing(role: string, limits: Amounts, isChecked = false): LimitsChange {
    const before = new Set(this.live.keys());
    const change: LimitsInForce = { limits, from: ++this.events, to: Number.POSITIVE_INFINITY };
    const all = this.historyOf(role);
    all.push(change);
    return {
      answered: (outcome) => {
        if (outcome === 'unknown') return;
        if (outcome === 'done' && isChecked) this.checkUse(role, limits, before);
        if (outcome === 'refused')
          this.limits.set(
            role,
            this.historyOf(role).filter((one) => one !== change),
          );
        else for (const one of all.slice(0, all.indexOf(change))) one.to = Math.min(one.to, ++this.events);
      },
    };
  }

  /** Of a role and those below it. */
  consumedBy(role: string): Amounts {
    return sumOf([...this.live.values()].filter((one) => one.role === role || one.role.startsWith(`${role}/`)));
  }

  /** Of all roles. */
  get consumed(): Amounts {
    return sumOf([...this.live.values()]);
  }

  get liveTasks(): number {
    return this.live.size;
  }

  /** What ran all the time from the question to the answer is above none of the limits. */
  private checkUse(role: string, limits: Amounts, before: ReadonlySet<string>): void {
    const all = [...this.live.values()].filter((one) => before.has(one.taskId) && topLevelOf(one.role) === role);
    const consumed = sumOf(all);
    if (isWithin(consumed, limits)) return;
    this.violations.push(
      `limits ${JSON.stringify(limits)} of role ${role} were let in although it used ${JSON.stringify(consumed)}`,
    );
  }

  private historyOf(role: string): LimitsInForce[] {
    const known = this.limits.get(role) ?? [{ limits: UNLIMITED, from: 0, to: Number.POSITIVE_INFINITY }];
    this.limits.set(role, known);
    return known;
  }

  private check(task: SentTask): void {
    const { role } = task;
    const counted = [...this.live.values()].filter(
      (one) => one.role === role || (topLevelOf(one.role) === role && one.offerNumber < task.offerNumber),
    );
    const consumed = sumOf(counted);
    const possible = this.historyOf(role).filter(({ from, to }) => from <= this.events && to > task.sentAt);
    if (possible.every(({ limits }) => limits !== UNLIMITED)) this.count(task, consumed, possible);
    if (possible.some(({ limits }) => isLaunchWithin(task.amounts, consumed, limits))) return;
    const allowed = possible.map(({ limits }) => JSON.stringify(limits)).join(' or ');
    this.violations.push(
      `task ${task.taskId} (${JSON.stringify(task.amounts)}, offer ${task.offerNumber}) took role ${role} to ${JSON.stringify(consumed)}, the limit is ${allowed}`,
    );
  }

  private count(task: SentTask, consumed: Amounts, possible: readonly LimitsInForce[]): void {
    const names = possible.flatMap(({ limits }) => Object.entries(limits));
    if (names.length === 0) return;
    this.counts.limited++;
    if (names.some(([name, limit]) => (task.amounts[name] ?? 0) > 0 && (consumed[name] ?? 0) >= 0.9 * limit))
      this.counts.close++;
  }
}

/** What the task does not add to may be above its limit. */
const isLaunchWithin = (added: Amounts, consumed: Amounts, limits: Amounts): boolean =>
  isWithin(consumed, Object.fromEntries(Object.entries(limits).filter(([name]) => (added[name] ?? 0) > 0)));

const isWithin = (consumed: Amounts, limits: Amounts): boolean =>
  Object.entries(limits).every(([name, limit]) => (consumed[name] ?? 0) <= limit);

function sumOf(tasks: readonly PlannedTask[]): Amounts {
  const sum: Record<string, number> = {};
  for (const { amounts } of tasks)
    for (const [name, milli] of Object.entries(amounts)) sum[name] = (sum[name] ?? 0) + milli;
  return sum;
}
