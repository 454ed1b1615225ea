import {
  activeRecording,
  ATTRIBUTE,
  endedBy,
  inSpan,
  MAX_LINKS,
  type SpanOptions,
  type TraceContext,
  type Tracer,
} from '@tranche/telemetry';
import type { DataSource, EntitySchema } from 'typeorm';

type Operation = 'SELECT' | 'UPSERT' | 'BATCH';

/**
 * What a request reads or writes in the database while it waits, as a span of its trace. Costs nothing to speak of outside of a trace.
 *
 * @source OpenTelemetry semantic conventions for databases
 */
export const inDatabaseSpan = <T>(
  source: DataSource,
  operation: Exclude<Operation, 'BATCH'>,
  entity: EntitySchema<never> | EntitySchema,
  run: () => Promise<T>,
): Promise<T> => {
  if (activeRecording() === undefined) return run();
  const table = tableOf(source, entity as EntitySchema);
  return inSpan(`${operation} ${table}`, spanOf(source, operation, table), run);
};

/**
 * The traces of changes that wait to be written together: the write is a span of the first, linked with the others, up to a bound.
 *
 * It tells something only when it failed or took long: that a task's row was written behind is of no interest otherwise.
 */
export class WrittenTraces {
  private readonly traces = new Map<string, TraceContext>();
  private tracer: Tracer | undefined;

  /** A change of whatever is being done now. */
  note(): void {
    if (this.traces.size > MAX_LINKS) return;
    const recording = activeRecording();
    if (recording === undefined) return;
    this.tracer = recording.tracer;
    const { trace } = recording;
    if (!this.traces.has(trace.traceId)) this.traces.set(trace.traceId, trace);
  }

  /** Those noted until now, which are forgotten here. */
  take(): readonly TraceContext[] {
    const taken = [...this.traces.values()];
    this.traces.clear();
    return taken;
  }

  /** They are of changes that still wait. */
  giveBack(taken: readonly TraceContext[]): void {
    for (const trace of taken) if (this.traces.size <= MAX_LINKS) this.traces.set(trace.traceId, trace);
  }

  /** Runs one transaction as the span of these traces. */
  inSpan<T>(source: DataSource, { traces, entities, changes }: WrittenTogether, run: () => Promise<T>): Promise<T> {
    const [parent, ...links] = traces;
    if (parent === undefined || this.tracer === undefined) return run();
    const tables = [...entities].map((entity) => tableOf(source, entity)).join(',');
    const { attributes, ...options } = spanOf(source, 'BATCH', tables);
    const span = this.tracer.begin(`BATCH ${tables}`, parent, {
      ...options,
      ...{ links, isMinor: true },
      attributes: { ...attributes, [ATTRIBUTE.dbBatchSize]: changes },
    });
    return endedBy(span, run);
  }
}

interface WrittenTogether {
  readonly traces: readonly TraceContext[];
  readonly entities: Iterable<EntitySchema>;
  /** How many rows. */
  readonly changes: number;
}

const spanOf = (source: DataSource, operation: Operation, table: string): SpanOptions => ({
  kind: 'client',
  attributes: {
    [ATTRIBUTE.dbSystem]: systemOf(source),
    [ATTRIBUTE.dbOperation]: operation,
    [ATTRIBUTE.dbCollection]: table,
  },
});

const systemOf = ({ options }: DataSource): string => (options.type === 'better-sqlite3' ? 'sqlite' : options.type);

const tableOf = (source: DataSource, entity: EntitySchema): string => source.getMetadata(entity.options.name).tableName;
