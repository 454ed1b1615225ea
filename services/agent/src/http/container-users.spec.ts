import { describe, expect, it } from 'vitest';
import { settled } from '../testing/settled.js';
import { frameworkInfo } from '../testing/task.builder.js';
import { TaskWorld } from '../testing/task-world.js';
import { ContainerUsers } from './container-users.js';

const of = (user: string) => ({ kind: 'executor', user });

/** A task of framework F, whose user is `alice`, and one that runs as `bob`. */
async function world() {
  const made = new TaskWorld();
  const framework = { ...frameworkInfo(), user: 'alice' };
  await made.launch({}, { framework });
  await made.launch({ task_id: { value: 't2' }, command: { value: 'true', user: 'bob' } }, { framework });
  await settled();
  const [one, other] = [made.task('t1').containerId, made.task('t2').containerId];
  return { made, users: new ContainerUsers(made.ledger.state), one, other };
}

describe('ContainerUsers', () => {
  it('tells the user of a command task, of its command or its framework', async () => {
    const { users, one, other } = await world();
    expect([users.of({ value: one }), users.of({ value: other })]).toEqual([of('alice'), of('bob')]);
    expect(users.of({ value: 'nobody-knows' })).toEqual({ kind: 'unknown' });
  });

  it('takes what is within a container for its', async () => {
    const { users, other } = await world();
    expect(users.of({ value: 'session', parent: { value: other } })).toEqual(of('bob'));
  });

  it('is not told whose a task is by what it is said to be within', async () => {
    const { users, one, other } = await world();
    expect(users.of({ value: other, parent: { value: one } })).toEqual(of('bob'));
  });

  it('knows a task that has ended', async () => {
    const { made, users, other } = await world();
    made.containerizer.end(other, { waitStatus: 0 });
    await settled();
    expect(users.ofContainer(other)).toEqual(of('bob'));
  });

  it('knows containers of the agent API, and what is within them', async () => {
    const { made, users, other } = await world();
    const launch = (containerId: string, id: { value: string; parent?: { value: string } }, parentId?: string) =>
      made.ledger.record({
        kind: 'api-container',
        launch: {
          ...{ containerId, id, command: { value: 'id' }, user: 'root', sandbox: `/s/${containerId}`, launchedAtMs: 0 },
          ...(parentId === undefined ? {} : { parentId }),
        },
      });
    await launch('u1', { value: 'alone' });
    await launch('u2', { value: 'in', parent: { value: 'alone' } }, 'u1');
    await launch('u3', { value: 'in', parent: { value: other } }, other);
    expect(users.of({ value: 'alone' })).toEqual({ kind: 'standalone' });
    expect(users.of({ value: 'in', parent: { value: 'alone' } })).toEqual({ kind: 'standalone' });
    expect(users.of({ value: 'in', parent: { value: other } })).toEqual(of('bob'));
  });
});
