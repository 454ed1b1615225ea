/**
 * An executor for tests, written against the wire and nothing else of this project.
 *
 * It says TASK_RUNNING for every task it gets and acts on the task's name: `finish` ends at once, `fail` fails, `exit` ends the executor,
 * anything else stays until it is killed. A message is sent back. With MESOS_CHECKPOINT=1 it comes back when its agent goes away.
 */
import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { request } from 'node:http';

const { env } = process;
const [host, port] = env.MESOS_AGENT_ENDPOINT.split(':');
const path = `/${env.MESOS_SLAVE_PID.split('@')[0]}/api/v1/executor`;
const ids = { executor_id: { value: env.MESOS_EXECUTOR_ID }, framework_id: { value: env.MESOS_FRAMEWORK_ID } };

/** What has happened to it, for the test to read. */
const log = (text) => appendFileSync('events', `${text}\n`);

/**
 * Finds the events in a response. The agent promises that a record is a chunk, which may come in several pieces: relied upon here, so that
 * breaking it is seen.
 */
function readEvents(response, onRecord) {
  let received = Buffer.alloc(0);
  response.on('data', (bytes) => {
    received = Buffer.concat([received, bytes]);
    const end = received.indexOf(10);
    const record = received.subarray(end + 1);
    const length = Number(received.toString('latin1', 0, Math.max(0, end)));
    if (end < 0 || record.length < length) return;
    if (record.length > length) throw new Error('a chunk is more than a record');
    received = Buffer.alloc(0);
    onRecord(record);
  });
  response.on('error', () => undefined);
}

class Executor {
  unacknowledgedUpdates = new Map();
  unacknowledgedTasks = new Map();

  constructor(codec, habits) {
    this.codec = codec;
    this.habits = habits;
  }

  subscribe() {
    const call = {
      type: 'SUBSCRIBE',
      subscribe: {
        unacknowledged_tasks: [...this.unacknowledgedTasks.values()],
        unacknowledged_updates: [...this.unacknowledgedUpdates.values()].map((status) => ({ status })),
      },
    };
    this.post(call, (response) => {
      if (response.statusCode !== 200) {
        response.resume();
        this.away();
        return;
      }
      readEvents(response, (record) => {
        const event = this.codec.decode(record);
        log(event.type);
        this[event.type]?.(event);
      });
      response.on('close', () => this.away());
    });
  }

  SUBSCRIBED({ subscribed }) {
    log(`container ${subscribed.container_id.value}`);
  }

  LAUNCH({ launch: { task } }) {
    const taskId = task.task_id.value;
    this.unacknowledgedTasks.set(taskId, task);
    this.update(taskId, 'TASK_RUNNING');
    if (task.name === 'finish' || this.habits.finishesAll) this.update(taskId, 'TASK_FINISHED');
    if (task.name === 'fail') this.update(taskId, 'TASK_FAILED');
    if (task.name === 'exit') process.exit(3);
  }

  LAUNCH_GROUP({ launch_group: { task_group } }) {
    for (const task of task_group.tasks) this.LAUNCH({ launch: { task } });
  }

  KILL({ kill }) {
    this.update(kill.task_id.value, 'TASK_KILLED');
  }

  ACKNOWLEDGED({ acknowledged }) {
    this.unacknowledgedUpdates.delete(acknowledged.uuid);
    this.unacknowledgedTasks.delete(acknowledged.task_id.value);
  }

  MESSAGE({ message }) {
    this.post({ type: 'MESSAGE', message }, (response) => response.resume());
  }

  SHUTDOWN() {
    if (!this.habits.ignoresShutdown) process.exit(0);
  }

  update(taskId, state) {
    const status = {
      task_id: { value: taskId },
      state,
      source: 'SOURCE_EXECUTOR',
      uuid: Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64'),
      timestamp: Date.now() / 1000,
    };
    this.unacknowledgedUpdates.set(status.uuid, status);
    this.post({ type: 'UPDATE', update: { status } }, (response) => {
      if (response.statusCode !== 202) log(`UPDATE ${response.statusCode}`);
      response.resume();
    });
  }

  post(call, onResponse) {
    const body = this.codec.encode({ ...ids, ...call });
    const headers = { 'content-type': this.codec.type, accept: this.codec.type, 'content-length': body.length };
    const sent = request({ host, port, path, method: 'POST', headers }, onResponse);
    sent.on('error', () => call.type === 'SUBSCRIBE' && this.away());
    sent.end(body);
  }

  away() {
    if (env.MESOS_CHECKPOINT !== '1') process.exit(1);
    log('away');
    setTimeout(() => this.subscribe(), 100);
  }
}

/**
 * @param {{ encode: (call: object) => Buffer, decode: (record: Buffer) => object, type: string }} codec
 * @param {{ ignoresShutdown?: boolean, finishesAll?: boolean }} habits
 */
export const runExecutor = (codec, habits = {}) => new Executor(codec, habits).subscribe();
