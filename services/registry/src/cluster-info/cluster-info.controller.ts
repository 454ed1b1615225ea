import { All, Controller, Inject, Req, Res } from '@nestjs/common';
import { mayDo, permitsOf, sendJsonText, sendRefusal } from '@tranche/http';
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
  state(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.refresher.refreshForReader();
    sendJsonBody(request, reply, this.documents.state());
  }

  @All('state-summary')
  stateSummary(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.refresher.refreshForReader();
    sendJsonBody(request, reply, this.documents.stateSummary());
  }

  @All('slaves')
  slaves(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const { slave_id: agentId } = request.query as { slave_id?: unknown };
    this.refresher.refreshForReader();
    sendJsonBody(request, reply, this.documents.slaves(typeof agentId === 'string' ? agentId : undefined));
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
