import type { AgentView } from '@tranche/contracts';
import { authorizationOf } from '@tranche/http';
import { commandTask, isTerminal, Scheduler, takeResources } from '@tranche/scheduler';
import { CHECKED } from '../credentials.js';
import { hasRoomFor } from './room.js';

export type SelfCheckResult =
  | ({ readonly kind: 'passed' } & SelfCheckTimes)
  /** Tasks of the cluster's last life hold everything: nothing was checked, and nothing is wrong. */
  | { readonly kind: 'no-room' };

export interface SelfCheckTimes {
  /** From the ACCEPT until TASK_RUNNING was told. Milliseconds. */
  readonly acceptToRunningMs: number;
  /** From the ACCEPT until the terminal state was told. Milliseconds. */
  readonly acceptToFinishedMs: number;
}

/** Where the cluster is, and who asks it, where credentials are asked for. */
export interface Address {
  readonly url: string;
  readonly credential: { readonly principal: string; readonly secret: string } | undefined;
}

/** The self-check's task did not end well. */
export class SelfCheckError extends Error {
  readonly code = 'local/self-check-failed';
}

const NEEDS = { cpus: 0.01, memMb: 32 };

/** How often it is looked whether there is room at all while no offer comes: an idle cluster needs some ten milliseconds to make one. */
const LOOK_MS = 500;

/**
 * Runs `true` as a framework of its own, through the public address: subscribe, offer, ACCEPT, container, updates, TEARDOWN.
 *
 * @param now milliseconds of a monotonic clock
 * @throws SelfCheckError with state and message of the task, or after `timeoutMs` with what it waited for
 */
export async function selfCheck(address: Address, now: () => number, timeoutMs = 30_000): Promise<SelfCheckResult> {
  const framework = {
    user: CHECKED.user,
    name: 'self-check',
    roles: [CHECKED.role],
    capabilities: [{ type: 'MULTI_ROLE' as const }],
    checkpoint: true,
  };
  const scheduler = new Scheduler({
    ...{ url: address.url, framework, firstPatienceMs: 5_000, patienceMs: 0 },
    ...(address.credential === undefined ? {} : { credential: address.credential }),
  });
  let waitingFor: Step = 'the subscription';
  let missing: 'time' | 'room' | undefined;
  const giveUp = (what: 'time' | 'room'): void => {
    missing = what;
    scheduler.close();
  };
  const timer = setTimeout(() => giveUp('time'), timeoutMs);
  const lookForRoom = async (): Promise<void> => {
    if (waitingFor === 'an offer' && (await isFull(address)) && waitingFor === 'an offer') giveUp('room');
  };
  const look = setInterval(() => void lookForRoom(), LOOK_MS);
  try {
    const times = await follow(scheduler, now, (step) => {
      waitingFor = step;
    });
    return { kind: 'passed', ...times };
  } catch (error) {
    if (missing === 'room') return { kind: 'no-room' };
    throw missing === 'time'
      ? new SelfCheckError(`waited ${timeoutMs / 1000} s for ${waitingFor}`, { cause: error })
      : error;
  } finally {
    clearTimeout(timer);
    clearInterval(look);
  }
}

/** Whether no agent has room for the self-check's task; false also when it cannot be found out. */
async function isFull({ url, credential }: Address): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/v1/agents`, {
      headers: credential === undefined ? {} : { authorization: authorizationOf(credential) },
      signal: AbortSignal.timeout(LOOK_MS),
    });
    const { items } = (await answer.json()) as { items: AgentView[] };
    return !items.some((agent) => hasRoomFor(agent, NEEDS));
  } catch {
    return false;
  }
}

type Step = 'the subscription' | 'an offer' | 'the task to run';

async function follow(scheduler: Scheduler, now: () => number, step: (name: Step) => void): Promise<SelfCheckTimes> {
  let acceptedAt: number | undefined;
  let runningAt: number | undefined;
  let tries = 0;
  for await (const event of scheduler) {
    if (event.type === 'subscribed') step('an offer');
    if (event.type === 'offers' && acceptedAt === undefined) {
      const [offer, ...others] = event.offers;
      if (offer === undefined) continue;
      const cut = takeResources(offer.resources ?? [], NEEDS);
      if (!cut.ok) {
        await scheduler.decline(event.offers);
        continue;
      }
      const placement = { agentId: offer.agent_id.value, resources: cut.taken };
      const id = tries++ === 0 ? 'self-check' : `self-check-${tries}`;
      const task = commandTask({ id, command: ['true'], ...NEEDS }, placement);
      acceptedAt = now();
      step('the task to run');
      await scheduler.launch(offer, [task]);
      if (others.length > 0) await scheduler.decline(others);
    } else if (event.type === 'update' && acceptedAt !== undefined) {
      const { state, message, reason } = event.status;
      // Taken back while it was being accepted, as an agent's that has just told what it has: the next one is as good.
      if (reason === 'REASON_INVALID_OFFERS') {
        acceptedAt = undefined;
        step('an offer');
        continue;
      }
      if (state === 'TASK_RUNNING') runningAt ??= now();
      if (!isTerminal(state)) continue;
      if (state !== 'TASK_FINISHED') throw new SelfCheckError(`its task ended as ${state}: ${message ?? 'no message'}`);
      const finishedAt = now();
      await scheduler.acknowledge(event.status);
      await scheduler.teardown();
      return { acceptToRunningMs: (runningAt ?? finishedAt) - acceptedAt, acceptToFinishedMs: finishedAt - acceptedAt };
    }
  }
  throw new SelfCheckError('the subscription ended before the task did');
}
