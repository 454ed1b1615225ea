import { All, Controller, Inject, Req, Res } from '@nestjs/common';
import { mayDo, permitsOf, rawBody, sendJsonText, sendRefusal, sightOf } from '@tranche/http';
import { arrayOf, httpError } from '@tranche/mesos-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { removeFramework } from '../frameworks/remove-framework.js';
import type { OffersContext } from '../offers-context.js';
import { seesFramework, seesTask } from '../rest/seen.js';
import type { Task } from '../tasks/task.js';
import { OFFERS_CONTEXT } from '../tokens.js';
import { frameworkText, taskText } from './classic-documents.js';
import { listTasks } from './list-tasks.js';

const DEFAULT_TASK_LIMIT = 100;

/** The classic endpoints of frameworks and tasks, in Mesos' shapes. Reads don't mind the method. */
@Controller()
export class ClassicController {
  constructor(@Inject(OFFERS_CONTEXT) private readonly context: OffersContext) {}

  @All('frameworks')
  frameworks(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const { state } = this.context;
    const frameworkId = parameter(request, 'framework_id');
    const sight = sightOf(permitsOf(request));
    const texts = (frameworks: Iterable<Parameters<typeof frameworkText>[1]>): string => {
      const wanted = [...frameworks]
        .filter((one) => frameworkId === undefined || one.frameworkId === frameworkId)
        .filter((one) => seesFramework(sight, one));
      return arrayOf(wanted.map((framework) => frameworkText(state, framework, sight)));
    };
    const live = texts(state.frameworks.all());
    const completed = texts(state.frameworks.allCompleted());
    sendJsonText(reply, `{"frameworks":${live},"completed_frameworks":${completed},"unregistered_frameworks":[]}`);
  }

  @All('tasks')
  tasks(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const sight = sightOf(permitsOf(request));
    const tasks = listTasks(this.context.state, {
      ...(sight === undefined ? {} : { sees: ({ record }: Task) => seesTask(sight, this.context.state, record) }),
      frameworkId: parameter(request, 'framework_id'),
      taskId: parameter(request, 'task_id'),
      limit: integer(parameter(request, 'limit'), DEFAULT_TASK_LIMIT),
      offset: integer(parameter(request, 'offset'), 0),
      ascending: parameter(request, 'order') === 'asc',
    });
    sendJsonText(reply, `{"tasks":${arrayOf(tasks.map(taskText))}}`);
  }

  @All('teardown')
  teardown(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    if (request.method !== 'POST') {
      sendRefusal(reply, httpError({ kind: 'method-not-allowed', allowed: ['POST'], received: request.method }));
      return;
    }
    const frameworkId = new URLSearchParams(rawBody(request).toString('utf8')).get('frameworkId');
    const framework = frameworkId === null ? undefined : this.context.state.frameworks.get(frameworkId);
    if (framework === undefined) {
      const message =
        frameworkId === null
          ? "Missing 'frameworkId' query parameter in the request body"
          : 'No framework found with specified ID';
      sendRefusal(reply, httpError({ kind: 'bad-request', message }));
      return;
    }
    if (!mayDo(permitsOf(request), ['teardown_frameworks', framework.record.info.principal])) {
      return sendRefusal(reply, httpError({ kind: 'forbidden' }));
    }
    removeFramework(this.context, framework, 'torn down by an operator');
    void reply.code(200).header('content-length', '0').send();
  }
}

function parameter(request: FastifyRequest, name: string): string | undefined {
  const value = (request.query as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' ? value : undefined;
}

/** A parameter that is no integer counts as not given, as in Mesos. */
const integer = (text: string | undefined, fallback: number): number =>
  text !== undefined && /^-?\d+$/.test(text) ? Number(text) : fallback;
