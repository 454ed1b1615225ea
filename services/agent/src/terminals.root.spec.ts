import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import type { AgentCall, ContainerID, TTYInfo } from '@tranche/mesos-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgentApi, type ApiOutput } from './testing/agent-api.js';
import { RootAgent } from './testing/root-agent.js';

/** Terminals with each containerizer that this machine has. */
describe.each(['oci', 'bare', 'process'] as const)('terminals of the containerizer %s', (containerizer) => {
  let agent: RootAgent;
  let parent: ContainerID;
  const api = new AgentApi(() => agent.agent);

  beforeAll(async () => {
    agent = await RootAgent.start(`terminals-${containerizer}`, { containerizer });
    const task = await agent.launch('export SECRET=1; echo up; sleep 600');
    const { status } = await agent.cluster.reported(task, 'TASK_RUNNING');
    parent = { value: status.container_status?.container_id?.value ?? '' };
  });
  afterAll(() => agent.remove());

  const newId = (): ContainerID => ({ value: randomUUID(), parent });
  const session = (
    id: ContainerID,
    command: NonNullable<AgentCall['launch_nested_container_session']>['command'],
    tty_info: TTYInfo = {},
  ): Promise<ApiOutput> =>
    api.session({ container_id: id, ...(command && { command }), container: { type: 'MESOS', tty_info } });
  const wait = (id: ContainerID) =>
    api.call({ type: 'WAIT_NESTED_CONTAINER', wait_nested_container: { container_id: id } });

  it('show a session one stream, and the exit status of its command', async () => {
    const id = newId();
    const output = await session(id, { value: 'tty; test -t 0 && test -t 2 && echo both >&2; exit 7' });
    const { STDOUT, STDERR } = await output.ended;
    expect([STDOUT.split('\r\n'), STDERR]).toEqual([[expect.stringMatching(/^\/dev\/pts\/\d+$/), 'both', ''], '']);
    expect(await wait(id)).toEqual([200, expect.stringContaining(`"exit_status":${7 << 8}`)]);
  });

  it('have the size that was asked for, and later the one that the client sets', async () => {
    const id = newId();
    const output = await session(
      id,
      { value: "stty size; trap 'stty size' WINCH; while :; do sleep 0.05; done" },
      { window_size: { rows: 24, columns: 80 } },
    );
    await output.shows(/^24 80\r\n/);
    expect(await api.input(id).resize(50, 132).end()).toEqual([200, '']);
    // Rows and columns are set one after the other.
    await output.shows(/^24 80\r\n(50 80\r\n)?(50 132\r\n)+/);
    output.close();
    await wait(id);
  });

  it('echo what is typed, end input at ^D and processes at ^C', async () => {
    const id = newId();
    const output = await session(id, { value: 'cat; trap "echo caught" INT; sleep 30; echo over' });
    const input = api.input(id).write('typed\r');
    await output.shows(/typed\r\ntyped\r\n/);
    input.write('\x04');
    await output.shows(/typed\r\ntyped\r\n$/);
    // The shell takes the interrupt only once it has the trap and its sleep is there.
    const again = setInterval(() => input.write('\x03'), 100);
    await output.shows(/caught\r\n/);
    clearInterval(again);
    expect((await output.ended).STDOUT).toMatch(/over\r\n$/);
    expect(await input.end()).toEqual([200, '']);
  });

  it('take no end of the input from an empty record', async () => {
    const id = newId();
    const output = await session(id, { value: 'cat' });
    const input = api.input(id).write('').write('still\r');
    await output.shows(/still\r\nstill\r\n/);
    await input.write('\x04').end();
    await output.ended;
    expect((await wait(id))[0]).toBe(200);
  });

  it('run an interactive shell with job control, as the container sees the world', async () => {
    const id = newId();
    const argv = { shell: false, value: 'bash', arguments: ['bash', '--norc', '--noprofile', '-i'] };
    const output = await session(id, { ...argv, environment: { variables: [{ name: 'PS1', value: '> ' }] } });
    const input = api.input(id);
    input.write('sleep 300 & jobs; kill %1; wait; echo $MESOS_TASK_ID-$((6 * 7))\r');
    await output.shows(/-42\r\n/);
    input.write('exit 3\r');
    const { STDOUT } = await output.ended;
    expect(STDOUT).toMatch(/\[1\]\+? +Running +sleep 300/);
    expect(STDOUT).not.toMatch(/job control|terminal process group/);
    await input.end();
    expect((await wait(id))[1]).toContain(`"exit_status":${3 << 8}`);
  });

  it('end with their session’s connection, and all that it has started', async () => {
    const id = newId();
    const output = await session(id, { value: 'echo up; nohup sleep 30019 > /dev/null & sleep 30019' });
    await output.shows(/up/);
    output.close();
    await wait(id);
    const left = await api.session({
      container_id: newId(),
      command: { value: "cat /proc/[0-9]*/cmdline | tr '\\0' ' '" },
    });
    expect((await left.ended).STDOUT).not.toContain('sleep 30019');
  });

  it('refuse to resize what has none', async () => {
    const id = newId();
    const output = await api.session({ container_id: id, command: { value: 'cat' } });
    expect(await api.input(id).resize(1, 2).answer).toEqual([
      400,
      'Unable to set the window size: the container has no terminal',
    ]);
    output.close();
  });
});
