import { type Static, Type } from 'typebox';

/** True: it is there. A text: what is wrong; `usable: …` when the service goes on without. */
const Dependency = Type.Union([Type.Literal(true), Type.String()]);

/** What one part of a service says of itself: what works on all of it or on a partition, an agent, or a replica as a process. */
export const ServicePart = Type.Object({
  service: Type.String(),
  /** The process that it is in; those of one replica have the same. */
  replica: Type.String(),
  /** Name of the machine or pod. */
  host: Type.String(),
  version: Type.String(),
  /** Of the process. Milliseconds since the epoch. */
  startedAtMs: Type.Number(),
  /** `standby`: it waits for its turn. */
  role: Type.Union([Type.Literal('active'), Type.Literal('standby')]),
  /** Of a service that is cut: those that it works on. */
  partitions: Type.Optional(Type.Array(Type.Integer())),
  ready: Type.Boolean(),
  dependencies: Type.Record(Type.String(), Dependency),
});
export type ServicePart = Static<typeof ServicePart>;

/** One option of a service, as `/v1/settings` shows it; secrets are masked. */
export const SettingRecord = Type.Object({
  name: Type.String(),
  value: Type.Unknown(),
  origin: Type.Union([
    Type.Literal('environment'),
    Type.Literal('file'),
    Type.Literal('default'),
    Type.Literal('program'),
  ]),
  default: Type.Unknown(),
  type: Type.String(),
  unit: Type.Optional(Type.String()),
  description: Type.String(),
});
export type SettingRecord = Static<typeof SettingRecord>;

/** A line of a log. */
export const LogLineRecord = Type.Object({
  /** Counts the lines of the process. */
  number: Type.Integer(),
  timeMs: Type.Number(),
  level: Type.Union([Type.Literal('debug'), Type.Literal('info'), Type.Literal('warn'), Type.Literal('error')]),
  message: Type.String(),
  traceId: Type.Optional(Type.String()),
  /** An object as JSON. */
  fields: Type.String(),
});
export type LogLineRecord = Static<typeof LogLineRecord>;
