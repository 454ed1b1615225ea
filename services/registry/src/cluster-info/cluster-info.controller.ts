import { All, Controller, Inject, Req, Res } from '@nestjs/common';
import { mayDo, permitsOf, sendJsonText, sendRefusal, sightOf } from '@tranche/http';
import { flagsJson, httpError, versionJson } from '@tranche/mesos-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ClusterDocuments } from '../documents/cluster-documents.js';
import { DocumentRefresher } from '../documents/document-refresher.js';
import { CLUSTER_INFO } from '../tokens.js';
import type { ClusterInfo } from './cluster-info.js';
import { sendJsonBody } from './send-json-body.js';

/** The classic endpoints that read the whole cluster. As with Mesos, they don't mind the method. */
@Controller()
export class ClusterInfoController {
  constructor(
    private readonly documents: ClusterDocuments,
    private readonly refresher: DocumentRefresher,
    @Inject(CLUSTER_INFO) private readonly info: ClusterInfo,
  ) {}

  @All('state')
  async state(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { sight, seesFlags } = viewOf(request);
    if (sight !== undefined) return sendJsonBody(request, reply, await this.documents.seenState(sight, seesFlags));
    this.refresher.refreshForReader();
    sendJsonBody(request, reply, this.documents.state(seesFlags));
  }

  @All('state-summary')
  async stateSummary(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { sight, seesFlags } = viewOf(request);
    if (sight !== undefined) return sendJsonBody(request, reply, await this.documents.seenSummary(sight, seesFlags));
    this.refresher.refreshForReader();
    sendJsonBody(request, reply, this.documents.stateSummary(seesFlags));
  }

  @All('slaves')
  async slaves(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { slave_id: id } = request.query as { slave_id?: unknown };
    const agentId = typeof id === 'string' ? id : undefined;
    const { sight } = viewOf(request);
    if (sight !== undefined) return sendJsonBody(request, reply, await this.documents.seenSlaves(sight, agentId));
    this.refresher.refreshForReader();
    sendJsonBody(request, reply, this.documents.slaves(agentId));
  }

  @All('version')
  version(@Res() reply: FastifyReply): void {
    sendJsonText(reply, versionJson(this.info.version));
  }

  @All('flags')
  flags(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const permits = permitsOf(request);
    if (!permits.isOpen && request.method !== 'GET') {
      const refusal = { kind: 'method-not-allowed', allowed: ['GET'], received: request.method } as const;
      return sendRefusal(reply, httpError(refusal));
    }
    if (!mayDo(permits, ['view_flags'])) return sendRefusal(reply, httpError({ kind: 'forbidden' }));
    sendJsonText(reply, `{"flags":${flagsJson(this.info.flags)}}`);
  }

  @All('health')
  health(@Res() reply: FastifyReply): void {
    void reply.code(200).send();
  }

  /** Where the leading master is: here, at the public address. */
  @All('redirect')
  redirect(@Res() reply: FastifyReply): void {
    void reply.code(307).header('location', `//${this.info.authority}`).header('content-length', '0').send();
  }
}

/** What a caller may see: without a sight everything, which is kept rendered. */
function viewOf(request: FastifyRequest) {
  const permits = permitsOf(request);
  return { sight: sightOf(permits), seesFlags: mayDo(permits, ['view_flags']) };
}
