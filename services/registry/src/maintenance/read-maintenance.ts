import type { InverseOfferAnswerRecord } from '@tranche/contracts';
import type { MachineID, MaintenanceClusterStatus, MaintenanceSchedule } from '@tranche/mesos-api';
import type { AgentRoster } from '../agents/agent-roster.js';
import type { ClusterModel } from '../model/cluster-model.js';
import type { InverseOfferAnswers } from './inverse-offer-answers.js';
import { machineKey, type Maintenance, machineOf } from './maintenance.js';
import type { MaintenanceBook } from './maintenance-book.js';
import { maintenanceStatus } from './maintenance-status.js';

/** Maintenance as operators see it. */
export class ReadMaintenance {
  constructor(
    private readonly book: MaintenanceBook,
    private readonly roster: AgentRoster,
    private readonly answers: InverseOfferAnswers,
    private readonly model: ClusterModel,
  ) {}

  /** What is in force. */
  get current(): Maintenance {
    return this.book.current;
  }

  get schedule(): MaintenanceSchedule {
    const { windows = [] } = this.book.current.schedule;
    return windows.length === 0 ? {} : { windows };
  }

  status(): MaintenanceClusterStatus {
    return maintenanceStatus(this.book.current, (machine) => this.answersOn(machine));
  }

  /** Of frameworks that are still there. */
  private answersOn(machine: MachineID): InverseOfferAnswerRecord[] {
    const key = machineKey(machine);
    const agents = [...this.roster.all()].filter(({ record }) => machineKey(machineOf(record)) === key);
    return agents
      .flatMap(({ record }) => [...this.answers.of(record.agentId)])
      .filter(({ frameworkId }) => this.model.framework(frameworkId)?.isCompleted === false);
  }
}
