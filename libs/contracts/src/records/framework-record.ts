import type { FrameworkInfo, SchedulerOfferConstraints } from '@tranche/mesos-api';
import { type Static, Type } from 'typebox';
import { document, word } from '../document.js';

/**
 * `connected` has a stream · `disconnected` lost it and may come back until the deadline ·
 * `recovered` is known from before a restart and has not subscribed since · `removed` is completed.
 */
export const FRAMEWORK_STATES = ['connected', 'disconnected', 'recovered', 'removed'] as const;
export type FrameworkState = (typeof FRAMEWORK_STATES)[number];

/** What `offers` knows of one framework. Times in milliseconds since the epoch. */
export const FrameworkRecord = Type.Object({
  frameworkId: Type.String(),
  /** As subscribed, with its id. */
  info: document<FrameworkInfo>(),
  state: word(FRAMEWORK_STATES),
  /** Whether it may be offered resources now. */
  active: Type.Boolean(),
  /** Roles it is subscribed to: `roles`, or the single `role` of a framework without MULTI_ROLE. */
  roles: Type.Array(Type.String()),
  suppressedRoles: Type.Array(Type.String()),
  offerConstraints: Type.Optional(document<SchedulerOfferConstraints>()),
  registeredAtMs: Type.Number(),
  reregisteredAtMs: Type.Optional(Type.Number()),
  unregisteredAtMs: Type.Optional(Type.Number()),
  /** While disconnected: why its stream ended, `closed by the scheduler`, `reads too slowly: …`. */
  disconnectedReason: Type.Optional(Type.String()),
  /** While disconnected or recovered: when it will be removed. */
  failoverDeadlineMs: Type.Optional(Type.Number()),
  /** When removed: why, `Framework torn down`, `failover timeout of 10 s passed` … */
  removedReason: Type.Optional(Type.String()),
});
export type FrameworkRecord = Static<typeof FrameworkRecord>;
