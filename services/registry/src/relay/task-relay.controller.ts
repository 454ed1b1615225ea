import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { malformed, permitsOf, problem, ProblemError, type RequestQuery, sightOf } from '@tranche/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AgentRelay, refusalOf } from './agent-relay.js';
import { type Parsed, parseLogRequest, parseTailRequest, type TailRequest } from './log-request.js';
import { type AgentFile, LogReader } from './log-reader.js';
import { clientSignal, sendAnswer, sendStream } from './send-answer.js';
import { TaskFiles } from './task-files.js';
import type { TaskPlace } from './task-place.js';

const OPERATIONS = new Set(['browse', 'read', 'download', 'tail', 'times']);
/** Of the file endpoints' parameters, those that the agent shall see. */
const PASSED = ['offset', 'length'] as const;

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** A task's sandbox and output, from whichever agent has them. */
@Controller('v1/tasks/:taskId')
export class TaskRelayController {
  constructor(
    private readonly relay: AgentRelay,
    private readonly files: TaskFiles,
  ) {}

  /**
   * `GET /v1/tasks/ID/files/{browse,read,download,times}?path=RELATIVE`: the agent's own answer; `files/tail?path=&follow=&offset=&tail=`: as
   * `logs`, of any file.
   */
  @Get('files/:operation')
  async file(
    @Param('taskId') taskId: string,
    @Param('operation') operation: string,
    @Query() query: RequestQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (!OPERATIONS.has(operation)) {
      const detail = `files can be ${[...OPERATIONS].join(', ')}; not ${operation}`;
      throw new ProblemError(problem(404, 'path.not_found', 'Not found', detail));
    }
    const place = this.placeOf(taskId, query, request);
    if (operation === 'tail') return this.sendTail(place, textOf(query['path']) ?? '', parseTailRequest(query), reply);
    const passed = new URLSearchParams({ path: this.files.pathOf(place, textOf(query['path']) ?? '') });
    for (const name of PASSED) {
      const value = textOf(query[name]);
      if (value !== undefined) passed.set(name, value);
    }
    const target = `${operation === 'times' ? '/v1' : ''}/files/${operation}?${passed.toString()}`;
    await sendAnswer(await this.relay.for(request).get(place.agentId, target, clientSignal(reply)), reply);
  }

  /**
   * `GET /v1/tasks/ID/logs?stream=&follow=&offset=&tail=`: bytes of stdout or stderr, `Log-Offset` the first one's.
   *
   * Followed, the answer ends when the task has; otherwise at what is there now.
   */
  @Get('logs')
  async logs(@Param('taskId') taskId: string, @Query() query: RequestQuery, @Res() reply: FastifyReply): Promise<void> {
    const parsed = parseLogRequest(query);
    const place = this.placeOf(taskId, query, reply.request);
    await this.sendTail(place, parsed.ok ? parsed.request.stream : '', parsed, reply);
  }

  private placeOf(taskId: string, query: RequestQuery, request: FastifyRequest): TaskPlace {
    const sight = sightOf(permitsOf(request));
    return this.files.place({ taskId, frameworkId: textOf(query['frameworkId']), sight });
  }

  /** @throws ProblemError 400 naming what is wrong with the request */
  private async sendTail(
    place: TaskPlace,
    relative: string,
    parsed: Parsed<TailRequest>,
    reply: FastifyReply,
  ): Promise<void> {
    if (!parsed.ok) throw new ProblemError(malformed(parsed.faults));
    const path = this.files.pathOf(place, relative);
    const signal = clientSignal(reply);
    const log = await this.relay
      .for(reply.request)
      .asking(place.agentId, async (http, agent) =>
        openLog(new LogReader(http), { agent, path }, parsed.request, signal),
      );
    await sendStream(reply, 200, log.headers, log.body);
  }
}

interface OpenLog {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array>;
}

/** @throws ProblemError when there is no such file, AgentAwayError */
async function openLog(
  reader: LogReader,
  file: AgentFile,
  request: TailRequest,
  signal: AbortSignal,
): Promise<OpenLog> {
  const found = await reader.size(file, signal);
  if ('refused' in found) throw await refusalOf(found.refused, file.agent.agentId);
  const { sizeBytes } = found;
  const { tailLines, isFollowed } = request;
  const begin =
    tailLines === undefined ? (request.offset ?? 0) : await reader.startOfLastLines(file, sizeBytes, tailLines, signal);
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'log-offset': String(begin) };
  if (isFollowed) {
    const answer = await reader.follow(file, begin, signal);
    if (answer.status >= 400) throw await refusalOf(answer, file.agent.agentId);
    return { headers, body: answer.body };
  }
  const length = { 'content-length': String(Math.max(0, sizeBytes - begin)) };
  return { headers: { ...headers, ...length }, body: reader.range(file, begin, sizeBytes, signal) };
}
