import { CHECKED, type LocalCredentials } from './credentials.js';
import type { Progress } from './progress.js';
import { selfCheck } from './self-check/self-check.js';

/** A cluster that has started, whatever it consists of. */
export interface StartedCluster {
  readonly url: string;
  /** Whether tasks run in containers. */
  readonly isIsolated: boolean;
  /** Runs until it is told to stop, or cannot go on. @returns the exit code */
  serve(): Promise<number>;
  /** Stops it and lets tasks run on: they are found at the next start. */
  abandon(): Promise<void>;
}

/** @throws SelfCheckError */
export async function checkItself(
  cluster: StartedCluster,
  { own, mayCheck }: LocalCredentials,
  progress: Progress,
): Promise<void> {
  if (!mayCheck) {
    const { role, user } = CHECKED;
    progress.skipped(
      'self-check',
      `not run: the ACLs let none of the credentials run a task as ${user} in role ${role}`,
    );
    return;
  }
  const checked = await selfCheck({ url: cluster.url, credential: own }, () => performance.now());
  if (checked.kind === 'no-room') {
    progress.skipped('self-check', 'not run: what runs or is offered leaves no room for its task');
    return;
  }
  const how = cluster.isIsolated ? 'in a container' : 'as a plain process';
  const [finished, running] = [checked.acceptToFinishedMs, checked.acceptToRunningMs].map(Math.round);
  progress.up(
    'self-check',
    `a task ran ${how} through the whole cycle in ${finished} ms (running after ${running} ms)`,
  );
}
