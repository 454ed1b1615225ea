import { randomUUID } from 'node:crypto';
import { json } from 'node:stream/consumers';
import { Controller, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import {
  Flag,
  jsonBody,
  permitsOf,
  problem,
  ProblemError,
  rawBody,
  type RequestQuery,
  sightOf,
  splitVerb,
  unknown,
} from '@tranche/http';
import {
  type AgentCall,
  type AgentResponse,
  type ContainerID,
  JSON_TYPE,
  MESSAGE_ACCEPT_HEADER,
  MESSAGE_CONTENT_TYPE_HEADER,
  RECORDIO_TYPE,
} from '@tranche/mesos-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AgentAnswer, SentBody } from '../relay/agent-http.port.js';
import { AgentRelay, refusalText } from '../relay/agent-relay.js';
import { clientSignal, sendStream } from '../relay/send-answer.js';
import { TaskFiles } from '../relay/task-files.js';
import { endOf, outputLines, type SessionEnd } from './exec-output.js';
import { ExecBody, inputRecords, launchCall, ResizeBody, resizeRecords, SignalBody } from './exec-request.js';

const VERBS = ['input', 'resize', 'signal'] as const;

/** A session: where it is. */
interface SessionPlace {
  readonly agentId: string;
  readonly id: ContainerID;
}

/** Commands in the containers of tasks, run by whichever agent has them: what the agent's own calls do, without their ids and records. */
@Controller('v1/tasks/:taskId/exec')
export class TaskExecController {
  constructor(
    private readonly relay: AgentRelay,
    private readonly files: TaskFiles,
  ) {}

  /**
   * Runs a command beside a task. The answer is what it writes, line by line as `outputLines` says, to its end; a client that goes away
   * ends it.
   *
   * @throws ProblemError 400, 403, 404, 409 when the task does not run, 503
   */
  @Post()
  async run(
    @Param('taskId') taskId: string,
    @Query() query: RequestQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const asked = jsonBody(request, ExecBody);
    const session = randomUUID();
    const place = this.placeOf(taskId, query, session, request);
    const signal = clientSignal(reply);
    const headers = { 'content-type': JSON_TYPE, accept: RECORDIO_TYPE, [MESSAGE_ACCEPT_HEADER]: JSON_TYPE };
    const body = Buffer.from(JSON.stringify(launchCall(place.id, asked)));
    const answer = await this.ask(request, place, { headers, body }, signal);
    const lines = outputLines(session, answer.body, () => this.ended(request, place, signal));
    try {
      await sendStream(reply, 200, { 'content-type': 'application/x-ndjson' }, lines);
    } finally {
      // Lines that nobody has come to read have not begun to read it: the command would run on.
      answer.body.destroy();
    }
  }

  /**
   * `SESSION:input` with the bytes that are typed (`?end`: the last ones), `SESSION:resize`, `SESSION:signal`. Input is in order when each request
   * waits for the answer to the one before.
   *
   * @throws ProblemError 400, 403, 404 when the session has ended, 503
   */
  @Post(':target')
  @HttpCode(204)
  async tell(
    @Param('taskId') taskId: string,
    @Param('target') target: string,
    @Query() query: RequestQuery,
    @Flag('end') isLast: boolean,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const { id: session, verb } = splitVerb(target, VERBS);
    const place = this.placeOf(taskId, query, session, request);
    const { body } = await this.ask(request, place, bodyOf(verb, place.id, request, isLast), clientSignal(reply));
    body.resume();
  }

  private placeOf(taskId: string, query: RequestQuery, session: string, request: FastifyRequest): SessionPlace {
    const frameworkId = typeof query['frameworkId'] === 'string' ? query['frameworkId'] : undefined;
    const sight = sightOf(permitsOf(request));
    const { agentId, container } = this.files.container({ taskId, frameworkId, sight });
    return { agentId, id: { value: session, parent: container } };
  }

  private async ask(
    request: FastifyRequest,
    { agentId, id }: SessionPlace,
    sent: SentBody,
    signal: AbortSignal,
  ): Promise<AgentAnswer> {
    const relay = this.relay.for(request);
    const answer = await relay.asking(agentId, (http, agent) => http.post(agent, '/api/v1', sent, signal));
    if (answer.status >= 400) throw await refusalOf(answer, agentId, id);
    return answer;
  }

  /** Told as the last line, so that whatever hinders it is one, too. */
  private async ended(request: FastifyRequest, place: SessionPlace, signal: AbortSignal): Promise<SessionEnd> {
    const wait = { type: 'WAIT_NESTED_CONTAINER', wait_nested_container: { container_id: place.id } } as const;
    try {
      const { body } = await this.ask(request, place, callBody(wait), signal);
      return endOf((await json(body)) as AgentResponse);
    } catch (error) {
      if (error instanceof ProblemError) return { error: error.problem.detail };
      throw error;
    }
  }
}

const callBody = (call: AgentCall): SentBody => ({
  headers: { 'content-type': JSON_TYPE, accept: JSON_TYPE },
  body: Buffer.from(JSON.stringify(call)),
});

const recordsBody = (body: Buffer): SentBody => ({
  headers: { 'content-type': RECORDIO_TYPE, [MESSAGE_CONTENT_TYPE_HEADER]: JSON_TYPE, accept: JSON_TYPE },
  body,
});

function bodyOf(verb: (typeof VERBS)[number], id: ContainerID, request: FastifyRequest, isLast: boolean): SentBody {
  switch (verb) {
    case 'input':
      return recordsBody(inputRecords(id, rawBody(request), isLast));
    case 'resize':
      return recordsBody(resizeRecords(id, jsonBody(request, ResizeBody)));
    case 'signal': {
      const { signal } = jsonBody(request, SignalBody);
      return callBody({ type: 'KILL_NESTED_CONTAINER', kill_nested_container: { container_id: id, signal } });
    }
  }
}

async function refusalOf(answer: AgentAnswer, agentId: string, { value }: ContainerID): Promise<ProblemError> {
  const text = (await refusalText(answer)).trim();
  const detail = `agent ${agentId}: ${text}`;
  if (answer.status === 404) {
    return new ProblemError(unknown('session', `no session ${value} runs in the task: ${detail}`));
  }
  if (answer.status === 403) return new ProblemError(problem(403, 'auth.not_permitted', 'Not permitted', detail));
  if (answer.status < 500) return new ProblemError(problem(409, 'session.refused', 'Refused by the agent', detail));
  return new ProblemError(
    problem(503, 'agent.away', 'Agent away', `agent ${agentId} answered ${answer.status}: ${text}`),
  );
}
