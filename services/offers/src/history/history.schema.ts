import type { FrameworkRecord, OperationRecord, TaskRecord } from '@tranche/contracts';
import { entityColumn } from '@tranche/persistence';
import { EntitySchema, type EntitySchemaIndexOptions } from 'typeorm';
import type { PastNames } from './history.port.js';

/** Where a row is in its list, and when its time is over. */
interface Listed {
  readonly id: string;
  /** Lists are by this number, then by the key: as their controllers place what is in memory. */
  readonly listRank: number;
  readonly listKey: string;
  readonly endedAtMs: number;
  /** `keyHash` of the framework: its remainder tells the partition. */
  readonly frameworkHash: number;
}

export interface PastTaskRow extends Listed, PastNames {
  readonly frameworkId: string;
  readonly taskId: string;
  readonly agentId: string;
  /** Cut to what can be looked up. */
  readonly name: string;
  readonly state: string;
  readonly record: TaskRecord;
}

export interface PastFrameworkRow extends Listed {
  readonly name: string;
  readonly record: FrameworkRecord;
}

export interface PastOperationRow extends Listed, PastNames {
  /** Empty for an operator's; as is the role of one that has none. */
  readonly frameworkId: string;
  readonly agentId: string;
  readonly role: string;
  readonly type: string;
  readonly state: string;
  readonly record: OperationRecord;
}

const listed = {
  id: entityColumn('key', { primary: true }),
  listRank: { ...entityColumn('milliseconds'), name: 'list_rank' },
  listKey: { ...entityColumn('key'), name: 'list_key' },
  endedAtMs: { ...entityColumn('milliseconds'), name: 'ended_at_ms' },
  frameworkHash: { ...entityColumn('count'), name: 'framework_hash' },
} as const;

const names = {
  frameworkName: { ...entityColumn('text'), name: 'framework_name' },
  agentHostname: { ...entityColumn('text'), name: 'agent_hostname' },
} as const;

/** The list, by each of some columns; and when the time of a row is over. */
function indices(table: string, byColumns: Readonly<Record<string, string>>): EntitySchemaIndexOptions[] {
  return [
    { name: `${table}_list`, columns: ['listRank', 'listKey'] },
    { name: `${table}_ended`, columns: ['endedAtMs', 'listRank', 'listKey'] },
    ...Object.entries(byColumns).map(([name, column]) => ({
      name: `${table}_${name}`,
      columns: [column, 'listRank', 'listKey'],
    })),
  ];
}

export const PastTaskSchema = new EntitySchema<PastTaskRow>({
  name: 'offers_past_task',
  tableName: 'offers_past_tasks',
  columns: {
    ...listed,
    frameworkId: { ...entityColumn('key'), name: 'framework_id' },
    taskId: { ...entityColumn('key'), name: 'task_id' },
    agentId: { ...entityColumn('key'), name: 'agent_id' },
    name: entityColumn('key'),
    state: entityColumn('key'),
    ...names,
    record: entityColumn('json'),
  },
  indices: indices('offers_past_tasks', { framework: 'frameworkId', task: 'taskId', agent: 'agentId', name: 'name' }),
});

export const PastFrameworkSchema = new EntitySchema<PastFrameworkRow>({
  name: 'offers_past_framework',
  tableName: 'offers_past_frameworks',
  columns: { ...listed, name: entityColumn('key'), record: entityColumn('json') },
  indices: indices('offers_past_frameworks', { name: 'name' }),
});

export const PastOperationSchema = new EntitySchema<PastOperationRow>({
  name: 'offers_past_operation',
  tableName: 'offers_past_operations',
  columns: {
    ...listed,
    frameworkId: { ...entityColumn('key'), name: 'framework_id' },
    agentId: { ...entityColumn('key'), name: 'agent_id' },
    role: entityColumn('key'),
    type: entityColumn('key'),
    state: entityColumn('key'),
    ...names,
    record: entityColumn('json'),
  },
  indices: indices('offers_past_operations', { framework: 'frameworkId', agent: 'agentId' }),
});
