// size: the sums of one model are kept by every change of it: what changes them stays together.
import {
  type FrameworkRecord,
  type FrameworkUpdated,
  isIn,
  type OfferRecord,
  type OffersChanged,
  type OffersSnapshot,
  type Partition,
  type TaskLaunched,
  type TaskRecord,
  type TaskUpdated,
  WHOLE,
} from '@tranche/contracts';
import { isTerminalState } from '@tranche/mesos-api';
import type { FactEffect } from '@tranche/messaging';
import { Resources } from '@tranche/resources';
import { AgentTable } from './agent-table.js';
import { type ClusterObserver, observersOf, tellOfFramework } from './cluster-observer.js';
import { count } from './counts.js';
import { type FrameworkEntry, newFrameworkEntry } from './framework-entry.js';
import { type ModelChanges, noChanges, touch } from './model-changes.js';
import { OperationList } from './operation-list.js';
import { PackedTask, SharedSums } from './packed-task.js';
import { TaskCounters } from './task-counters.js';
import { heldBy, shelfOf, type TaskEntry, type TaskShelf } from './task-entry.js';

export interface ModelLimits {
  /** Removed frameworks that are shown; the oldest goes first. */
  readonly maxCompletedFrameworks: number;
  readonly maxCompletedTasksPerFramework: number;
}

/**
 * The cluster as its facts tell it: agents, frameworks, tasks and offers, with what is held by whom kept as sums.
 *
 * It answers reads of the whole cluster, so that none of them reaches the services in the offer cycle. All it knows of tasks and
 * offers comes from `offers`; a snapshot replaces all of that.
 */
export class ClusterModel {
  readonly agents = new AgentTable(() => this.changing());
  readonly counters = new TaskCounters();
  readonly operations = new OperationList();
  private readonly frameworks = new Map<string, FrameworkEntry>();
  /** Oldest removal first. */
  private readonly completed = new Set<FrameworkEntry>();
  /** Everything that is shown, completed or not, oldest first. */
  private readonly tasksById = new Map<string, TaskEntry[]>();
  private readonly offers = new Map<string, { readonly offer: OfferRecord; readonly resources: Resources }>();
  private changes = noChanges();
  private revisions = 0;
  private serial = 0;
  private readonly sums = new SharedSums();
  private readonly observers: ClusterObserver[] = [];
  private readonly observer = observersOf(this.observers);

  constructor(private readonly limits: ModelLimits) {}

  /** From now on it hears what happens, after those that were there before. */
  observe(observer: ClusterObserver): void {
    this.observers.push(observer);
    this.agents.watcher = this.observer;
  }

  framework(frameworkId: string): FrameworkEntry | undefined {
    return this.frameworks.get(frameworkId);
  }

  /** Completed ones included, in order of subscription. */
  allFrameworks(): Iterable<FrameworkEntry> {
    return this.frameworks.values();
  }

  tasks(taskId: string): readonly TaskEntry[] {
    return this.tasksById.get(taskId) ?? [];
  }

  /** Everything that is shown, completed or not. */
  *allTasks(): Iterable<TaskEntry> {
    for (const tasks of this.tasksById.values()) yield* tasks;
  }

  get outstandingOffers(): number {
    return this.offers.size;
  }

  /** Rises with every change. */
  get revision(): number {
    return this.revisions;
  }

  /** What has changed since this was last asked. */
  takeChanges(): ModelChanges {
    const taken = this.changes;
    this.changes = noChanges();
    return taken;
  }

  /** Forgets everything that came from `offers`, or one partition of it, and starts from its snapshot. */
  replace(snapshot: OffersSnapshot, partition: Partition = WHOLE): void {
    if (partition.count === 1) this.clear();
    else for (const one of [...this.frameworks.values()]) if (isIn(partition, one.record.frameworkId)) this.drop(one);
    this.operations.replace(snapshot.operations ?? [], partition);
    // Removed frameworks last: they take their tasks along to the completed ones.
    for (const framework of snapshot.frameworks) this.updateFramework({ ...framework, state: 'recovered' });
    for (const { task, completed } of snapshot.tasks) this.launch(task, completed);
    for (const offer of snapshot.offers) this.makeOffer(offer);
    for (const framework of snapshot.frameworks) this.updateFramework(framework);
    this.observer.replaced();
  }

  private clear(): void {
    for (const framework of this.frameworks.values()) this.changes.forgottenFrameworks.add(framework);
    this.changes.tasks.clear();
    this.changes.frameworks.clear();
    this.changes.offers.clear();
    this.frameworks.clear();
    this.completed.clear();
    this.tasksById.clear();
    this.offers.clear();
    this.agents.releaseAll();
  }

  /** Forgets a framework with all that it has, as if it had never been. */
  private drop(framework: FrameworkEntry): void {
    for (const offerId of [...framework.offers.keys()]) this.endOffer(offerId);
    for (const task of [...framework.live.values()]) this.change(framework, task, task.record, true);
    this.forgetFramework(framework);
  }

  applyFramework({ framework }: FrameworkUpdated): FactEffect {
    const entry = this.frameworks.get(framework.frameworkId);
    const before = entry?.isCompleted === false ? entry.record : undefined;
    this.updateFramework(framework);
    tellOfFramework(this.observer, this.frameworks.get(framework.frameworkId), before);
    return 'applied';
  }

  applyLaunch({ task }: TaskLaunched): FactEffect {
    const isNew = this.frameworks.get(task.frameworkId)?.live.has(task.taskId) === false;
    const effect = this.launch(task, false);
    const entry = this.frameworks.get(task.frameworkId)?.live.get(task.taskId);
    if (isNew && entry !== undefined) this.observer.taskAdded(entry);
    return effect;
  }

  applyUpdate({ frameworkId, taskId, state, status, completed }: TaskUpdated): FactEffect {
    const framework = this.frameworks.get(frameworkId);
    const task =
      framework?.live.get(taskId) ?? this.tasks(taskId).findLast((entry) => entry.record.frameworkId === frameworkId);
    if (framework === undefined || task === undefined) return 'unknown';
    this.counters.count(task.record.state, state, status);
    const isCompleted = completed || task.shelf === 'completed_tasks';
    const before = task.record.statuses.at(-1);
    this.change(framework, task, task.record.withStatus(state, status), isCompleted);
    if (status !== undefined) this.observer.taskUpdated(task, status, before);
    return 'applied';
  }

  applyOffer(change: OffersChanged): FactEffect {
    if (change.kind === 'made') return this.makeOffer(change.offer);
    this.endOffer(change.offerId);
    return 'applied';
  }

  private updateFramework(record: FrameworkRecord): void {
    let framework = this.frameworks.get(record.frameworkId);
    if (framework?.isCompleted && record.state !== 'removed') {
      this.forgetFramework(framework);
      framework = undefined;
    }
    if (framework === undefined) {
      framework = newFrameworkEntry(record);
      this.frameworks.set(record.frameworkId, framework);
    }
    framework.record = record;
    touch(this.changing().frameworks, framework);
    if (record.state === 'removed' && !framework.isCompleted) this.complete(framework);
  }

  /** The framework is removed: its offers are void, its tasks belong to the past. */
  private complete(framework: FrameworkEntry): void {
    for (const offerId of [...framework.offers.keys()]) this.endOffer(offerId);
    for (const task of [...framework.live.values()]) this.change(framework, task, task.record, true);
    for (const task of framework.completed) this.agents.tally(task, -1);
    framework.isCompleted = true;
    this.completed.add(framework);
    for (const oldest of this.completed) {
      if (this.completed.size <= this.limits.maxCompletedFrameworks) break;
      this.forgetFramework(oldest);
    }
  }

  private forgetFramework(framework: FrameworkEntry): void {
    for (const task of [...framework.completed]) this.forgetTask(framework, task);
    this.completed.delete(framework);
    this.frameworks.delete(framework.record.frameworkId);
    this.changing().frameworks.delete(framework);
    this.changing().forgottenFrameworks.add(framework);
  }

  private launch(launched: TaskRecord, isCompleted: boolean): FactEffect {
    const framework = this.frameworks.get(launched.frameworkId);
    if (framework === undefined) return 'unknown';
    const record = PackedTask.of(launched);
    const known = isCompleted ? undefined : framework.live.get(record.taskId);
    if (known !== undefined) {
      this.change(framework, known, record, false);
      return 'applied';
    }
    const task: TaskEntry = {
      key: String(this.serial++),
      record,
      shelf: shelfOf(record.state),
      held: Resources.EMPTY,
    };
    this.tasksById.set(record.taskId, [...this.tasks(record.taskId), task]);
    const isOver = isCompleted || framework.isCompleted;
    if (!isOver) framework.live.set(record.taskId, task);
    this.show(framework, task, 1);
    this.countExecutor(framework, task, 1);
    this.change(framework, task, record, isOver);
    return 'applied';
  }

  /** Gives a task its new record and shelf and corrects every sum that it is part of. */
  private change(framework: FrameworkEntry, task: TaskEntry, record: PackedTask, isCompleted: boolean): void {
    const shelf: TaskShelf = isCompleted ? 'completed_tasks' : shelfOf(record.state);
    this.show(framework, task, -1);
    this.countExecutor(framework, task, -1);
    const held = heldBy(record, shelf, this.sums);
    if (held !== task.held || record.agentId !== task.record.agentId) {
      framework.used.remove(task.held);
      framework.used.add(held);
      this.agents.release(task.record.agentId, 'used', task.held);
      this.agents.hold(record.agentId, 'used', held);
    }
    Object.assign(task, { record, shelf, held });
    this.show(framework, task, 1);
    this.countExecutor(framework, task, 1);
    touch(this.changing().tasks, task);
    if (isCompleted && !framework.completed.has(task)) this.shelve(framework, task);
  }

  private shelve(framework: FrameworkEntry, task: TaskEntry): void {
    const { taskId } = task.record;
    if (framework.live.get(taskId) === task) framework.live.delete(taskId);
    framework.completed.add(task);
    for (const oldest of framework.completed) {
      if (framework.completed.size <= this.limits.maxCompletedTasksPerFramework) break;
      this.forgetTask(framework, oldest);
    }
  }

  private forgetTask(framework: FrameworkEntry, task: TaskEntry): void {
    const { taskId } = task.record;
    this.show(framework, task, -1);
    framework.completed.delete(task);
    const others = this.tasks(taskId).filter((entry) => entry !== task);
    if (others.length > 0) this.tasksById.set(taskId, others);
    else this.tasksById.delete(taskId);
    this.changing().tasks.delete(task);
    this.changing().forgottenTasks.add(task);
  }

  private show(framework: FrameworkEntry, task: TaskEntry, by: 1 | -1): void {
    framework.tally.add(task.record.state, by);
    count(framework.tasksOnAgent, task.record.agentId, by);
    if (!framework.isCompleted) this.agents.tally(task, by);
    touch(this.changing().frameworks, framework);
  }

  private countExecutor(framework: FrameworkEntry, { record, shelf }: TaskEntry, by: 1 | -1): void {
    const { agentId, executorId } = record;
    if (executorId === undefined || shelf === 'completed_tasks' || isTerminalState(record.state)) return;
    const key = `${agentId} ${executorId}`;
    const known = framework.executors.get(key);
    const info = known?.info ?? record.info.executor;
    if (info === undefined) return;
    const executor = known ?? { agentId, info, tasks: 0 };
    executor.tasks += by;
    if (executor.tasks > 0) framework.executors.set(key, executor);
    else framework.executors.delete(key);
  }

  private makeOffer(offer: OfferRecord): FactEffect {
    const framework = this.frameworks.get(offer.frameworkId);
    if (framework === undefined) return 'unknown';
    this.endOffer(offer.offerId);
    const resources = Resources.fromJson(offer.resources).withAllocationRole(offer.role);
    this.offers.set(offer.offerId, { offer, resources });
    framework.offers.set(offer.offerId, offer);
    framework.offered.add(resources);
    this.changing().offers.set(offer.offerId, offer);
    this.agents.hold(offer.agentId, 'offered', resources);
    touch(this.changing().frameworks, framework);
    return 'applied';
  }

  private endOffer(offerId: string): void {
    const made = this.offers.get(offerId);
    if (made === undefined) return;
    this.offers.delete(offerId);
    this.agents.release(made.offer.agentId, 'offered', made.resources);
    const framework = this.frameworks.get(made.offer.frameworkId);
    if (framework === undefined) return;
    framework.offers.delete(offerId);
    framework.offered.remove(made.resources);
    this.changing().offers.delete(offerId);
    this.changing().endedOffers.add(made.offer);
    touch(this.changing().frameworks, framework);
  }

  private changing(): ModelChanges {
    this.revisions++;
    return this.changes;
  }
}
