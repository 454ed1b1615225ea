import type { Resource } from '@tranche/mesos-api';
import { type Static, Type } from 'typebox';
import { document } from '../document.js';

/** What one framework holds in one role on one agent, offered or in use. */
export const HeldResources = Type.Object({
  frameworkId: Type.String(),
  role: Type.String(),
  agentId: Type.String(),
  /** v1 documents, post-refinement, without `allocation_info`. */
  resources: Type.Array(document<Resource>()),
});
export type HeldResources = Static<typeof HeldResources>;
