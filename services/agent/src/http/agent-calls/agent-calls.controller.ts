import { All, Controller, Req, Res } from '@nestjs/common';
import { rawBody, sendRefusal } from '@tranche/http';
import {
  type AgentResponse,
  encodeBody,
  httpError,
  MESSAGE_ACCEPT_HEADER,
  MESSAGE_CONTENT_TYPE_HEADER,
  messageTypes,
} from '@tranche/mesos-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SandboxFiles } from '../../sandbox/sandbox-files.js';
import { AgentViews } from '../agent-views.js';
import { ContainerList } from '../container-list.js';
import { answerAgentCall } from './answer-agent-call.js';
import { LogVerbosity } from './log-verbosity.js';
import { readAgentCall } from './read-agent-call.js';

/** `POST /api/v1`: the agent's own API. */
@Controller('api/v1')
export class AgentCallsController {
  constructor(
    private readonly views: AgentViews,
    private readonly containers: ContainerList,
    private readonly files: SandboxFiles,
    private readonly verbosity: LogVerbosity,
  ) {}

  @All()
  async call(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const header = (name: string): string | undefined => {
      const value = request.headers[name.toLowerCase()];
      return typeof value === 'string' ? value : undefined;
    };
    const read = readAgentCall(
      {
        method: request.method,
        contentType: header('Content-Type'),
        messageContentType: header(MESSAGE_CONTENT_TYPE_HEADER),
        accept: header('Accept'),
        messageAccept: header(MESSAGE_ACCEPT_HEADER),
        body: rawBody(request),
      },
      this.views.isRecovering,
    );
    if (!read.ok) return sendRefusal(reply, httpError(read.refusal));
    const { views, containers, files, verbosity } = this;
    const answer = await answerAgentCall(read.call, { views, containers, files, verbosity });
    if (answer.kind === 'refused') return sendRefusal(reply, httpError(answer.refusal));
    if (answer.kind === 'done') return void reply.code(200).header('content-length', '0').send();
    // A response has a type for every call that is answered by one.
    const type = read.call.type as NonNullable<AgentResponse['type']>;
    const body = encodeBody(messageTypes.AgentResponse, read.answer.mediaType, { type, ...answer.response });
    void reply.code(200).header('content-type', read.answer.mediaType).send(body);
  }

  /** Resource providers register here with Mesos; this agent takes none. */
  @All('resource_provider')
  resourceProvider(@Req() { method }: FastifyRequest, @Res() reply: FastifyReply): void {
    if (method === 'POST') sendRefusal(reply, httpError({ kind: 'not-implemented' }));
    else sendRefusal(reply, httpError({ kind: 'method-not-allowed', allowed: ['POST'], received: method }));
  }
}
