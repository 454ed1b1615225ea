import type { TaskView } from '@tranche/contracts';
import type { Offer, TaskStatus } from '@tranche/mesos-api';
import {
  CallLostError,
  type FrameworkEvent,
  isTerminal,
  NotSubscribedError,
  type Scheduler,
  SchedulerError,
} from '@tranche/scheduler';
import type { CliIo } from '../../cli-io.js';
import { EXIT_CODES } from '../../exit-code.js';
import { buildTask } from './build-task.js';
import { candidateOfOffer, placeOn } from './candidates.js';
import { explainWaiting } from './explain-waiting.js';
import { followLaunches } from './follow-launches.js';
import { type Instance, newInstance } from './instance.js';
import { askForStarting, ignoreLostCall, isBusy, lostText } from './lost-calls.js';
import type { RunOutput } from './run-output.js';
import { type RunPlan, instanceName } from './run-plan.js';
import type { RunReporter } from './report/run-reporter.js';
import { isLostRace, neverBegan, outcomeOf } from './task-outcome.js';

/** What a run needs. */
export interface RunPorts {
  scheduler: Scheduler;
  output: RunOutput;
  reporter: RunReporter;
  io: CliIo;
  /** Why the instances that wait have no agent; undefined when one should be found soon. */
  explain: (taken: readonly Instance[]) => Promise<string | undefined>;
  /** What the launch of a task waits for; undefined when nothing is known of it. */
  progressOf: (taskId: string) => Promise<TaskView['progress']>;
}

/** Before the first restart of an instance; doubles each time. */
const FIRST_REST_MS = 1_000;
const MAX_REST_MS = 30_000;

/**
 * Keeps the instances of a plan running until they have ended: accepts offers for those that wait, follows the others, starts again
 * what has to be. With `detach` it ends as soon as all of them run, and leaves them.
 */
export class RunFramework {
  readonly instances: Instance[];
  #exitCode: number | undefined;
  /** Set when the tasks are to be killed: the exit code for it. */
  #stopCode: number | undefined;
  #isSuppressed = false;
  #isFinishing = false;
  #isLost = false;
  /** The last acknowledgement; those before it have arrived when it has. */
  #acknowledged = Promise.resolve();
  readonly #endings = new Set<Promise<void>>();
  readonly #over = new AbortController();

  constructor(
    private readonly plan: RunPlan,
    private readonly isDetached: boolean,
    private readonly ports: RunPorts,
  ) {
    const nowMs = ports.io.clock.nowMs();
    this.instances = Array.from({ length: plan.instances }, (_, index) =>
      newInstance(index, instanceName(plan, index), nowMs),
    );
  }

  /** @returns the exit code: of the first instance that failed, or 0; 128 + signal when it was stopped */
  async run(): Promise<number> {
    const { scheduler, reporter, output } = this.ports;
    const { signal } = this.#over;
    const telling = Promise.all([
      explainWaiting(this.ports, this.instances, signal),
      followLaunches(this.ports, this.instances, signal),
    ]);
    try {
      for await (const event of scheduler) {
        await this.#handle(event);
        if (this.#isComplete()) await this.#finish();
      }
    } finally {
      this.#over.abort();
      output.close();
      reporter.close();
    }
    await telling;
    return this.#stopCode ?? this.#exitCode ?? EXIT_CODES.done;
  }

  /** Tasks that are somewhere on the cluster. */
  get live(): Instance[] {
    return this.instances.filter(({ phase }) => phase === 'starting' || phase === 'running');
  }

  /** Kills what lives and gives up what doesn't; the run ends when everything has ended. */
  async stop(exitCode: number): Promise<void> {
    this.#stopCode = exitCode;
    const { reporter } = this.ports;
    for (const instance of this.instances) {
      if (instance.phase === 'waiting' || instance.phase === 'resting') this.#change(instance, 'ended');
    }
    if (this.live.length > 0)
      reporter.note(`killing ${this.live.map(({ name }) => name).join(', ')}; Ctrl-C again to leave at once`);
    await this.#killLive();
    if (this.#isComplete()) await this.#finish();
  }

  /** Ends without waiting for anything: the cluster kills the tasks. */
  async leave(exitCode: number): Promise<void> {
    this.#stopCode = exitCode;
    const { scheduler, io } = this.ports;
    await Promise.race([scheduler.teardown().catch(() => undefined), io.sleep(1_000, this.#over.signal)]);
    scheduler.close();
  }

  async #handle(event: FrameworkEvent): Promise<void> {
    switch (event.type) {
      case 'subscribed':
        this.#isSuppressed = false;
        if (event.again || this.#isLost) this.ports.reporter.note('connected to the cluster again');
        if (!event.again) for (const instance of this.instances) this.ports.reporter.changed(instance);
        this.#isLost = false;
        if (this.#stopCode !== undefined) await this.#killLive();
        break;
      case 'disconnected':
        if (!this.#isLost) this.ports.reporter.note(lostText(event));
        this.#isLost = true;
        break;
      case 'offers':
        for (const offer of event.offers) await this.#answer(offer).catch(this.#launchFailed);
        break;
      case 'update':
        this.#update(event.status);
        break;
      default:
    }
  }

  async #answer(offer: Offer): Promise<void> {
    const { scheduler, io } = this.ports;
    const waiting = this.instances.filter(({ phase }) => phase === 'waiting');
    const taken = this.live.map(({ attributes }) => attributes ?? {});
    const candidate = candidateOfOffer(offer);
    const spots = placeOn(
      candidate,
      waiting.map(({ index }) => index),
      this.plan,
      taken,
    );
    const tasks = spots.map(({ index, resources }) => {
      const instance = this.instances[index]!;
      instance.taskId = `${io.randomHex(8)}-${instance.name}`;
      instance.agentId = candidate.agentId;
      instance.hostname = candidate.hostname;
      instance.attributes = candidate.attributes;
      this.#change(instance, 'starting');
      return buildTask(this.plan, index, instance.taskId, { agentId: candidate.agentId, resources });
    });
    await scheduler.launch(offer, tasks);
    if (spots.length === waiting.length && !this.#isSuppressed) {
      this.#isSuppressed = true;
      await scheduler.suppress();
    }
  }

  #update(status: TaskStatus): void {
    const { scheduler, output } = this.ports;
    this.#acknowledged = scheduler.acknowledge(status).catch(this.#noteFailedCall);
    const instance = this.live.find(({ taskId }) => taskId === status.task_id.value);
    if (!instance) {
      this.#endGivenUp(status);
      return;
    }
    if (this.#neverRan(instance, status)) return this.#wait(instance);
    if (status.state === 'TASK_RUNNING') {
      if (!this.isDetached) output.start(instance);
      if (instance.phase === 'starting') this.#change(instance, 'running');
    }
    if (isTerminal(status.state)) this.#ended(instance, status);
  }

  /** A launch that was given up, because nobody knew of it, has come to its agent all the same. */
  #endGivenUp({ task_id, agent_id, state }: TaskStatus): void {
    const isOurs = this.instances.some(({ taskId }) => taskId === task_id.value);
    if (isOurs || isTerminal(state)) return;
    const { scheduler } = this.ports;
    scheduler.kill(task_id.value, agent_id && { agentId: agent_id.value }).catch(this.#noteFailedCall);
  }

  /** Whether a launch has arrived is not known when the cluster could not answer for it: then it is asked for, until it is. */
  readonly #launchFailed = (error: unknown): void => {
    if (!isBusy(error)) return ignoreLostCall(error);
    this.ports.reporter.note(`the cluster could not answer (${error.detail}), asking for what was launched`);
    void askForStarting(this.ports, this.instances, { signal: this.#over.signal, onError: this.#noteFailedCall });
  };

  /** The offer was gone before the launch came, or the launch was lost with the connection. */
  #neverRan({ phase }: Instance, status: TaskStatus): boolean {
    const isUnknown = status.reason === 'REASON_RECONCILIATION' && /unknown/.test(status.message ?? '');
    return phase === 'starting' && this.#stopCode === undefined && (isLostRace(status) || isUnknown);
  }

  #ended(instance: Instance, status: TaskStatus): void {
    instance.outcome = outcomeOf(status, this.plan.needs.memMb);
    const { exitCode } = instance.outcome;
    const wantsRestart = this.plan.restart === 'always' || (this.plan.restart === 'on-failure' && exitCode !== 0);
    const isRefused = status.state === 'TASK_ERROR';
    if (wantsRestart && !isRefused && this.#stopCode === undefined) {
      instance.phase = 'resting';
    } else {
      instance.phase = 'ended';
      if (exitCode !== 0) this.#exitCode ??= exitCode;
    }
    const ending = this.#tellEnd(instance, !neverBegan(status)).finally(() => this.#endings.delete(ending));
    this.#endings.add(ending);
  }

  /** After all of its output, an instance's end; then its rest, if it is to be started again. */
  async #tellEnd(instance: Instance, hasBegun: boolean): Promise<void> {
    const { output, reporter, io } = this.ports;
    const { taskId = '', outcome, phase } = instance;
    if (!this.isDetached && hasBegun) {
      output.start(instance, true);
      await output.finish(taskId);
    }
    const hasFailed = outcome?.exitCode !== 0 && this.#stopCode === undefined;
    const stderrLines = hasFailed && hasBegun ? await output.stderrTail(taskId) : [];
    reporter.changed(instance);
    if (hasFailed) {
      const short = taskId.slice(0, 8);
      const toRead = hasBegun
        ? [`tranche logs ${short}`, `tranche fs ls ${short}`]
        : [`tranche task describe ${short}`];
      const nextCommands = [...toRead, `tranche trace ${short}`];
      reporter.failed({ instance, stderrLines, nextCommands });
    }
    if (phase === 'resting') {
      const restMs = Math.min(MAX_REST_MS, FIRST_REST_MS * 2 ** (instance.attempt - 1));
      if (await io.sleep(restMs, this.#over.signal)) this.#startAgain(instance);
    }
  }

  #startAgain(instance: Instance): void {
    if (instance.phase !== 'resting') return;
    instance.attempt += 1;
    this.#wait(instance);
  }

  #wait(instance: Instance): void {
    instance.beganMs = this.ports.io.clock.nowMs();
    this.#change(instance, 'waiting');
    if (!this.#isSuppressed) return;
    this.#isSuppressed = false;
    this.ports.scheduler.revive().catch(this.#noteFailedCall);
  }

  #change(instance: Instance, phase: Instance['phase']): void {
    instance.phase = phase;
    this.ports.reporter.changed(instance);
  }

  async #killLive(): Promise<void> {
    for (const { taskId, agentId } of this.live) {
      if (taskId) await this.ports.scheduler.kill(taskId, { ...(agentId && { agentId }) }).catch(this.#noteFailedCall);
    }
  }

  /** For calls that nothing waits for: the run goes on. */
  readonly #noteFailedCall = (error: unknown): void => {
    if (!(error instanceof SchedulerError)) throw error;
    if (error instanceof CallLostError || error instanceof NotSubscribedError) return;
    this.ports.reporter.note(error.message);
  };

  #isComplete(): boolean {
    const isDone = (instance: Instance): boolean =>
      instance.phase === 'ended' || (this.isDetached && this.#stopCode === undefined && instance.phase === 'running');
    return this.instances.every(isDone);
  }

  /** All has been said: end the framework, or leave it to its failover time. */
  async #finish(): Promise<void> {
    if (this.#isFinishing) return;
    this.#isFinishing = true;
    await Promise.all([...this.#endings, this.#acknowledged]);
    if (this.isDetached && this.live.length > 0) this.ports.scheduler.close();
    else await this.ports.scheduler.teardown().catch(() => this.ports.scheduler.close());
  }
}
