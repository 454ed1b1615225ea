import { userInfo } from 'node:os';
import type { AgentCall, AgentResponseGetContainersContainer, ContainerID } from '@tranche/mesos-api';
import { expect } from 'vitest';
import { type AgentStage, outputOf, stdin } from './agent-stage.js';

/** One rule of the agent API's reference, and how it is seen to hold. */
export interface AgentRule {
  /** Section and call of the reference: `§5 WAIT_CONTAINER`. */
  readonly at: string;
  /** What holds, as a fact. */
  readonly says: string;
  readonly check: (stage: AgentStage) => Promise<void>;
  /** Tranche does not do what the reference says: `check` then holds it to what it does instead, and this says why. */
  readonly differs?: string;
}

const of = (id: ContainerID): { readonly container_id: ContainerID } => ({ container_id: id });
const wait = async (stage: AgentStage, id: ContainerID): Promise<number | undefined> =>
  (await stage.ask({ type: 'WAIT_CONTAINER', wait_container: of(id) })).wait_container?.exit_status;
const kill = (stage: AgentStage, id: ContainerID, signal?: number) =>
  stage.call({ type: 'KILL_CONTAINER', kill_container: { ...of(id), ...(signal && { signal }) } });
const remove = (stage: AgentStage, id: ContainerID) =>
  stage.call({ type: 'REMOVE_CONTAINER', remove_container: of(id) });
const launch = (stage: AgentStage, id: ContainerID, value: string) =>
  stage.call({ type: 'LAUNCH_NESTED_CONTAINER', launch_nested_container: { ...of(id), command: { value } } });
const session = (
  stage: AgentStage,
  id: ContainerID,
  value: string,
  more: Partial<NonNullable<AgentCall['launch_nested_container_session']>> = {},
) =>
  stage.stream({
    type: 'LAUNCH_NESTED_CONTAINER_SESSION',
    launch_nested_container_session: { ...of(id), command: { value }, ...more },
  });
const list = async (
  stage: AgentStage,
  shown: NonNullable<AgentCall['get_containers']>,
): Promise<readonly AgentResponseGetContainersContainer[]> =>
  (await stage.ask({ type: 'GET_CONTAINERS', get_containers: shown })).get_containers?.containers ?? [];

const SLEEP = 'exec sleep 600';

export const AGENT_RULES: readonly AgentRule[] = [
  {
    at: '§5 LAUNCH_CONTAINER 200',
    says: 'a container that stands alone is launched, answered without a body',
    check: async (stage) => {
      const container_id = stage.newId();
      const launch_container = { container_id, command: { value: 'exit 3' } };
      expect(await stage.call({ type: 'LAUNCH_CONTAINER', launch_container })).toMatchObject({ status: 200, text: '' });
      expect(await wait(stage, container_id)).toBe(3 << 8);
    },
  },
  {
    at: '§5 LAUNCH_CONTAINER 202',
    says: 'one that is there already is not launched again',
    check: async (stage) => {
      const container_id = await stage.standalone(SLEEP);
      const launch_container = { container_id, command: { value: 'true' } };
      expect(await stage.call({ type: 'LAUNCH_CONTAINER', launch_container })).toMatchObject({ status: 202, text: '' });
    },
  },
  {
    at: '§5 LAUNCH_CONTAINER 400',
    says: 'one that cannot be launched is refused with the reason',
    check: async (stage) => {
      const launch_container = {
        ...of(stage.newId()),
        command: { value: 'x' },
        container: { type: 'DOCKER' as const },
      };
      expect(await stage.call({ type: 'LAUNCH_CONTAINER', launch_container })).toMatchObject({
        ...{ status: 400, text: 'The provided ContainerInfo is not supported' },
      });
    },
  },
  {
    at: '§5 LAUNCH_NESTED_CONTAINER',
    says: 'a container is launched in another, at any depth, and refused where there is none',
    check: async (stage) => {
      const outer = stage.newId(await stage.standalone(SLEEP));
      const inner = stage.newId(outer);
      expect((await launch(stage, outer, SLEEP)).status).toBe(200);
      expect((await launch(stage, inner, 'exit 4')).status).toBe(200);
      expect(await wait(stage, inner)).toBe(4 << 8);
      expect(await launch(stage, stage.newId({ value: 'nope' }), 'true')).toMatchObject({ status: 400 });
    },
  },
  {
    at: '§5 LAUNCH_NESTED_CONTAINER parent',
    says: 'the deprecated calls need an id with a parent',
    check: async (stage) => {
      const lacking =
        "Failed to validate agent::Call: Expecting 'launch_nested_container.container_id.parent' to be present";
      expect(await launch(stage, stage.newId(), 'true')).toMatchObject({ status: 400, text: lacking });
    },
  },
  {
    at: '§5 ContainerID',
    says: 'an id has no period and no space, and at most 242 characters',
    check: async (stage) => {
      for (const value of ['a.b', 'a b', 'x'.repeat(243), '', 'a/b']) {
        const launch_container = { container_id: { value }, command: { value: 'true' } };
        const { status, text } = await stage.call({ type: 'LAUNCH_CONTAINER', launch_container });
        expect([status, text]).toEqual([400, expect.stringMatching(/'launch_container.container_id' is invalid: /)]);
      }
    },
  },
  {
    at: '§5 WAIT_CONTAINER',
    says: 'the answer comes with the end of the container, at every call until it is removed',
    check: async (stage) => {
      const id = await stage.standalone(SLEEP);
      const waiting = wait(stage, id);
      await kill(stage, id);
      expect([await waiting, await wait(stage, id)]).toEqual([9, 9]);
    },
  },
  {
    at: '§5 WAIT_CONTAINER 404',
    says: 'a container that there is not is named in the answer, with those around it',
    check: async (stage) => {
      const id = stage.newId({ value: 'nope' });
      const answer = await stage.call({ type: 'WAIT_NESTED_CONTAINER', wait_nested_container: of(id) });
      expect(answer).toMatchObject({ status: 404, text: `Container nope.${id.value} cannot be found` });
    },
  },
  {
    at: '§5 KILL_CONTAINER',
    says: 'the signal is the one that is named, else SIGKILL; 404 when there is nothing to kill',
    check: async (stage) => {
      const id = await stage.standalone(SLEEP);
      expect((await kill(stage, id, 15)).status).toBe(200);
      expect(await wait(stage, id)).toBe(15);
      const text = `Container '${id.value}' cannot be found (or is already killed)`;
      expect(await kill(stage, id)).toMatchObject({ status: 404, text });
    },
  },
  {
    at: '§5 REMOVE_CONTAINER',
    says: 'only one that has ended can be removed; one that is unknown below a root that lives is no error, below none it is',
    check: async (stage) => {
      const root = await stage.standalone(SLEEP);
      const id = stage.newId(root);
      await launch(stage, id, SLEEP);
      const living = { status: 500, text: 'Nested container has not terminated yet' };
      expect(await remove(stage, id)).toMatchObject(living);
      await kill(stage, id);
      await wait(stage, id);
      expect([(await remove(stage, id)).status, (await remove(stage, id)).status]).toEqual([200, 200]);
      expect((await remove(stage, stage.newId({ value: 'nope' }))).status).toBe(500);
    },
  },
  {
    at: '§5 GET_CONTAINERS',
    says: 'those in others and those that stand alone are shown when asked for, by their leaf ids, with status and statistics',
    check: async (stage) => {
      const root = await stage.standalone(SLEEP);
      const nested = stage.newId(root);
      await launch(stage, nested, SLEEP);
      expect(await list(stage, {})).toEqual([]);
      expect(await list(stage, { show_nested: true })).toEqual([]);
      const alone = (await list(stage, { show_standalone: true })).map(({ container_id }) => container_id);
      expect(alone).toContainEqual(root);
      expect(alone).not.toContainEqual({ value: nested.value });
      const all = await list(stage, { show_nested: true, show_standalone: true });
      expect(all.find(({ container_id }) => container_id.value === nested.value)).toMatchObject({
        container_id: { value: nested.value },
        container_status: { container_id: nested, executor_pid: expect.any(Number) },
        resource_statistics: { timestamp: expect.any(Number) },
      });
    },
  },
  {
    at: '§5 LAUNCH_NESTED_CONTAINER_SESSION',
    says: 'a command in the container is answered by what it writes, as records; it has an exit status like a container',
    check: async (stage) => {
      const id = stage.newId(await stage.standalone(SLEEP));
      const pieces = await session(stage, id, 'echo out; echo err >&2; exit 2');
      expect([outputOf(pieces, 'STDOUT'), outputOf(pieces, 'STDERR')]).toEqual(['out\n', 'err\n']);
      expect(await wait(stage, id)).toBe(2 << 8);
    },
  },
  {
    at: '§5 LAUNCH_NESTED_CONTAINER_SESSION tty_info',
    says: 'with a terminal there is one stream, and the window has the size that was asked for',
    check: async (stage) => {
      const id = stage.newId(await stage.standalone(SLEEP));
      const container = { type: 'MESOS' as const, tty_info: { window_size: { rows: 12, columns: 34 } } };
      const pieces = await session(stage, id, 'stty size; echo err >&2', { container });
      expect(outputOf(pieces, 'STDOUT')).toBe('12 34\r\nerr\r\n');
    },
  },
  {
    at: '§5 LAUNCH_NESTED_CONTAINER_SESSION user',
    says: 'a session runs as the user that its command names',
    check: async (stage) => {
      const user = process.getuid?.() === 0 ? 'nobody' : userInfo().username;
      const id = stage.newId(await stage.standalone(SLEEP));
      const pieces = await session(stage, id, '', { command: { value: 'id -un', user } });
      expect(outputOf(pieces, 'STDOUT')).toBe(`${user}\n`);
    },
  },
  {
    at: '§5 ATTACH_CONTAINER_INPUT',
    says: 'input comes as records and ends with an empty one, heartbeats between them are taken',
    check: async (stage) => {
      const id = stage.newId(await stage.standalone(SLEEP));
      const output = session(stage, id, 'cat');
      const beat = { type: 'HEARTBEAT', heartbeat: { interval: { nanoseconds: 30_000_000_000 } } } as const;
      const input = (): ReturnType<AgentStage['input']> =>
        stage.input(id, stdin('a'), { type: 'CONTROL', control: beat }, stdin('b'), stdin(''));
      await expect.poll(async () => (await input()).status, { timeout: 20_000 }).toBe(200);
      expect(outputOf(await output, 'STDOUT')).toBe('ab');
    },
  },
  {
    at: '§5 ATTACH_CONTAINER_INPUT tty_info',
    says: 'a terminal is resized by the client, and an empty record is not the end of its input',
    check: async (stage) => {
      const id = await stage.standalone('while read -r line; do stty size; done', true);
      const output = stage.stream({ type: 'ATTACH_CONTAINER_OUTPUT', attach_container_output: of(id) });
      const tty_info = { window_size: { rows: 43, columns: 21 } };
      const resize = { type: 'CONTROL', control: { type: 'TTY_INFO', tty_info } } as const;
      expect((await stage.input(id, resize, stdin(''), stdin('x\r\x04'))).status).toBe(200);
      expect(outputOf(await output, 'STDOUT')).toContain('43 21\r\n');
    },
  },
  {
    at: '§5 ATTACH_CONTAINER_INPUT 404',
    says: 'there is no input for a container that there is not, nor without records',
    check: async (stage) => {
      expect((await stage.input({ value: 'nope' }, stdin('x'))).status).toBe(404);
      const member = { type: 'CONTAINER_ID', container_id: { value: 'nope' } } as const;
      const plain = await stage.call({ type: 'ATTACH_CONTAINER_INPUT', attach_container_input: member });
      expect(plain.status).toBe(415);
    },
  },
  {
    at: '§5 ATTACH_CONTAINER_OUTPUT',
    says: 'any number of readers are given what is written from then on, until the container has ended',
    check: async (stage) => {
      const id = await stage.standalone('while read -r line; do echo "<$line>"; done', true);
      const attach = () => stage.stream({ type: 'ATTACH_CONTAINER_OUTPUT', attach_container_output: of(id) });
      const readers = [attach(), attach()];
      await stage.input(id, stdin('x\r\x04'));
      for (const reader of readers) expect(outputOf(await reader, 'STDOUT')).toContain('<x>\r\n');
      const gone = await stage.call({ type: 'ATTACH_CONTAINER_OUTPUT', attach_container_output: of(id) });
      expect(gone).toMatchObject({ status: 404, text: `Container ${id.value} cannot be found` });
    },
  },
  {
    at: '§5 ATTACH_CONTAINER_OUTPUT without a terminal',
    says: 'output of any container can be followed; input of one without a terminal is refused with 500',
    differs:
      'It is read from the sandbox (ADR 212), so that nothing has to stand beside the container; Mesos answers 500 to both.',
    check: async (stage) => {
      const id = await stage.standalone('sleep 1; echo late');
      const output = stage.stream({ type: 'ATTACH_CONTAINER_OUTPUT', attach_container_output: of(id) });
      expect((await stage.input(id, stdin('x'))).status).toBe(500);
      expect(outputOf(await output, 'STDOUT')).toBe('late\n');
    },
  },
  {
    at: '§5 PRUNE_IMAGES',
    says: 'is answered 200: there is nothing to remove',
    check: async (stage) => {
      expect(await stage.call({ type: 'PRUNE_IMAGES' })).toMatchObject({ status: 200, text: '' });
    },
  },
];
