import { AgentUnavailabilityChangedV1, queueOf, ReregisterAgentV1 } from '@tranche/contracts';
import type { MachineID, MaintenanceSchedule, MaintenanceWindow } from '@tranche/mesos-api';
import type { MessageBus } from '@tranche/messaging';
import type { AgentLiveness } from '../agents/agent-liveness.js';
import type { AgentRoster } from '../agents/agent-roster.js';
import type { ChangeAgentState } from '../agents/change-agent-state.js';
import type { KnownAgent } from '../agents/known-agent.js';
import { bringDownError, bringUpError, scheduleError } from './check-maintenance.js';
import {
  broughtDown,
  broughtUp,
  machineKey,
  type Maintenance,
  machineOf,
  rescheduled,
  unavailabilityOf,
} from './maintenance.js';
import type { InverseOfferAnswers } from './inverse-offer-answers.js';
import type { MaintenanceBook } from './maintenance-book.js';
import type { MaintenanceStore } from './maintenance-store.port.js';

/** Why a machine's agent was removed, as Mesos says it. */
export const DOWN_REASON = "Operator initiated 'Machine DOWN'";

export interface MaintenanceParts {
  readonly book: MaintenanceBook;
  readonly store: MaintenanceStore;
  readonly roster: AgentRoster;
  readonly changeState: ChangeAgentState;
  readonly liveness: AgentLiveness;
  readonly answers: InverseOfferAnswers;
  readonly bus: Pick<MessageBus, 'publish' | 'send'>;
}

/** What operators change in maintenance; a trial only says why not: one change after the other, each safe in the database before it takes effect. */
export class ChangeMaintenance {
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: MaintenanceParts) {}

  /** Replaces the whole schedule. @returns why not, in Mesos' words */
  reschedule(schedule: MaintenanceSchedule): Promise<string | undefined> {
    return this.change(
      (before) => scheduleError(before, schedule),
      (before) => rescheduled(before, schedule),
    );
  }

  /** Plans a window more. */
  plan(window: MaintenanceWindow, isTrial = false): Promise<string | undefined> {
    const planned = ({ schedule }: Maintenance): MaintenanceSchedule => ({
      windows: [...(schedule.windows ?? []), window],
    });
    return this.change(
      (before) => scheduleError(before, planned(before)),
      (before) => rescheduled(before, planned(before)),
      isTrial,
    );
  }

  /** Takes a window out of the schedule. */
  cancel(window: MaintenanceWindow, isTrial = false): Promise<string | undefined> {
    const text = JSON.stringify(window);
    const without = ({ schedule }: Maintenance): MaintenanceSchedule => ({
      windows: (schedule.windows ?? []).filter((one) => JSON.stringify(one) !== text),
    });
    return this.change(
      (before) => scheduleError(before, without(before)),
      (before) => rescheduled(before, without(before)),
      isTrial,
    );
  }

  /** Takes machines out of service: their agents end their tasks and are removed, and may not come back before the machines are up. */
  bringDown(machines: readonly MachineID[], isTrial = false): Promise<string | undefined> {
    return this.change(
      (before) => bringDownError(before, machines),
      (before) => broughtDown(before, machines),
      isTrial,
    );
  }

  /** Machines are back: they leave the schedule, and their agents may register. */
  bringUp(machines: readonly MachineID[], isTrial = false): Promise<string | undefined> {
    return this.change(
      (before) => bringUpError(before, machines),
      (before) => broughtUp(before, machines),
      isTrial,
    );
  }

  private change(
    errorOf: (before: Maintenance) => string | undefined,
    changed: (before: Maintenance) => Maintenance,
    isTrial = false,
  ): Promise<string | undefined> {
    const change = this.last.then(() =>
      isTrial ? errorOf(this.parts.book.current) : this.changeNow(errorOf, changed),
    );
    // A change that fails is told to who asked for it; the next is made all the same.
    this.last = change.catch(() => undefined);
    return change;
  }

  private async changeNow(
    errorOf: (before: Maintenance) => string | undefined,
    changed: (before: Maintenance) => Maintenance,
  ): Promise<string | undefined> {
    const { book, store } = this.parts;
    const error = errorOf(book.current);
    if (error !== undefined) return error;
    const after = changed(book.current);
    await store.save(after);
    book.set(after);
    this.takeEffect(after);
    return undefined;
  }

  private takeEffect(maintenance: Maintenance): void {
    const { roster, bus } = this.parts;
    const down = new Set(maintenance.down.map(machineKey));
    const changes: { agentId: string; unavailability?: NonNullable<ReturnType<typeof unavailabilityOf>> }[] = [];
    for (const known of [...roster.all()]) {
      const { agentId, unavailability: before } = known.record;
      const unavailability = unavailabilityOf(maintenance, known.record);
      if (JSON.stringify(before) !== JSON.stringify(unavailability)) {
        roster.put(withUnavailability(known, unavailability));
        this.parts.answers.forgetAgent(agentId);
        changes.push({ agentId, ...(unavailability === undefined ? {} : { unavailability }) });
      }
      if (down.has(machineKey(machineOf(known.record)))) this.remove(agentId);
    }
    if (changes.length > 0) bus.publish(AgentUnavailabilityChangedV1, changes);
  }

  private remove(agentId: string): void {
    const { roster, changeState, liveness, bus } = this.parts;
    const known = roster.get(agentId);
    if (known === undefined || changeState.execute(known, 'broughtDown', DOWN_REASON) === undefined) return;
    liveness.forget(agentId);
    // It asks to be admitted again, is refused, ends its tasks and stops. When this does not reach it, its next heartbeat has the same effect.
    bus.send(ReregisterAgentV1, queueOf('agent', agentId), [{ agentId, reason: DOWN_REASON }]).catch(() => undefined);
  }
}

/** The agent as it is under the maintenance in force. */
export function withUnavailability(known: KnownAgent, unavailability: ReturnType<typeof unavailabilityOf>): KnownAgent {
  const { unavailability: _before, ...record } = known.record;
  return { ...known, record: unavailability === undefined ? record : { ...record, unavailability } };
}
