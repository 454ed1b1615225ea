import { LISTS } from '../lists/lists.js';
import { DRY_RUN, list } from './list-operation.js';
import { flag, type Operations, text } from './operation.js';
import { BYTES, EXEC, KILL, SIGNAL, TERMINAL_SIZE } from './rest-bodies.js';

const FRAMEWORK_OF_TASK = { frameworkId: text('of several tasks with this id, that of this framework') };
/** Where to begin in a file. */
export const FROM = { offset: text('first byte') };
/** A part of a file. */
export const PART = { ...FROM, length: text('bytes at most') };
const ONE_PATH = { ...FRAMEWORK_OF_TASK, path: text('path below the sandbox') };
const TAIL = { ...FROM, tail: text('its last lines, this many'), follow: flag('go on until the task ends') };

/** What is served of tasks, of their files, and of what runs beside them. */
export const TASK_OPERATIONS: Operations = {
  'GET /v1/tasks': list('tasks, newest launch first, ended ones until their retention is over', LISTS.tasks),
  'GET /v1/tasks/:id': { summary: 'one task', query: FRAMEWORK_OF_TASK, answer: 'TaskView' },
  'POST /v1/tasks/:target': {
    '/v1/tasks/{id}:kill': {
      summary: 'kills a task',
      query: { ...FRAMEWORK_OF_TASK, ...DRY_RUN },
      body: KILL,
      answer: 'TaskView',
      status: 202,
    },
  },
  'GET /v1/tasks/:taskId/files/:operation': {
    '/v1/tasks/{taskId}/files/browse': { summary: 'what is in a folder of the sandbox', query: ONE_PATH },
    '/v1/tasks/{taskId}/files/read': {
      summary: 'a part of a file of the sandbox',
      query: { ...ONE_PATH, ...PART },
    },
    '/v1/tasks/{taskId}/files/times': {
      summary: 'how large an output was when',
      query: ONE_PATH,
      answer: 'OutputTimesView',
    },
    '/v1/tasks/{taskId}/files/download': { summary: 'a file of the sandbox', query: ONE_PATH },
    '/v1/tasks/{taskId}/files/tail': {
      summary: 'the end of a file of the sandbox, and what is added to it',
      query: { ...ONE_PATH, ...TAIL },
    },
  },
  'GET /v1/tasks/:taskId/logs': {
    summary: 'what a task has written',
    query: { ...FRAMEWORK_OF_TASK, stream: text('stdout or stderr'), ...TAIL },
  },
  'POST /v1/tasks/:taskId/exec': {
    summary: 'runs a command in the container of a task; answered by what it writes, a line of JSON for each piece',
    query: FRAMEWORK_OF_TASK,
    body: EXEC,
  },
  'POST /v1/tasks/:taskId/exec/:target': {
    '/v1/tasks/{taskId}/exec/{session}:input': {
      summary: 'bytes for the standard input of such a command',
      query: { ...FRAMEWORK_OF_TASK, end: flag('they are the last') },
      body: BYTES,
      status: 204,
    },
    '/v1/tasks/{taskId}/exec/{session}:resize': {
      summary: 'the new size of its terminal',
      query: FRAMEWORK_OF_TASK,
      body: TERMINAL_SIZE,
      status: 204,
    },
    '/v1/tasks/{taskId}/exec/{session}:signal': {
      summary: 'sends it a signal',
      query: FRAMEWORK_OF_TASK,
      body: SIGNAL,
      status: 204,
    },
  },
};
