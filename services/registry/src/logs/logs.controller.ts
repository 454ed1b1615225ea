import { Readable } from 'node:stream';
import { basename } from 'node:path';
import { All, Controller, Req, Res } from '@nestjs/common';
import {
  answerToggle,
  contentTypeOf,
  mayDo,
  parseReadQuery,
  permitsOf,
  sendJsonText,
  sendRefusal,
} from '@tranche/http';
import { httpError, jsonString, objectOf } from '@tranche/mesos-api';
import { LogVerbosity } from '@tranche/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LOG_PATH, OwnLog } from './own-log.js';

type Query = Readonly<Record<string, string | undefined>>;

/** `/files/*` and `/logging/toggle`: the log of this process. @source classic endpoints §2, §4 */
@Controller()
export class LogsController {
  constructor(
    private readonly log: OwnLog,
    private readonly verbosity: LogVerbosity,
  ) {}

  /** A file has no entries. */
  @All('files/browse')
  browse(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    if (this.isFound(request, reply)) sendJsonText(reply, '[]');
  }

  @All('files/read')
  async read(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = parseReadQuery(request.query as Query);
    if (!query.ok) return badRequest(reply, query.message);
    if (!this.isFound(request, reply)) return;
    const chunk = await this.log.text(query.request);
    if (chunk === undefined) return notFound(reply);
    const { data, offset } = chunk;
    sendJsonText(
      reply,
      objectOf([
        ['data', jsonString(data)],
        ['offset', String(offset)],
      ]),
    );
  }

  @All('files/download')
  async download(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (!this.isFound(request, reply)) return;
    const { sizeBytes } = (await this.log.bytes({})) ?? {};
    if (sizeBytes === undefined) return notFound(reply);
    const name = basename(this.log.file ?? '');
    void reply
      .code(200)
      .header('content-disposition', `attachment; filename=${name}`)
      .header('content-type', contentTypeOf(name))
      .header('content-length', sizeBytes)
      .send(Readable.from(this.log.whole(sizeBytes), { objectMode: false }));
  }

  @All('files/debug')
  debug(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    if (!mayDo(permitsOf(request), ['get_endpoints', '/files/debug'])) return forbid(reply);
    const { file } = this.log;
    sendJsonText(reply, objectOf(file === undefined ? [] : [[LOG_PATH, jsonString(file)]]));
  }

  /** Without parameters it says how much is told. */
  @All('logging/toggle')
  toggle(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const permits = permitsOf(request);
    const isChange = (request.query as Query)['level'] !== undefined;
    const asked = isChange ? ([['set_log_level']] as const) : [];
    if (!mayDo(permits, ['get_endpoints', '/logging/toggle'], ...asked)) return forbid(reply);
    answerToggle(reply, request.query as Query, this.verbosity, NOT_ITS_OWN);
  }

  private isFound(request: FastifyRequest, reply: FastifyReply): boolean {
    const { path } = request.query as Query;
    if (path === undefined || path === '') badRequest(reply, "Expecting 'path=value' in query.\n");
    else if (!this.log.isAt(path)) notFound(reply);
    else if (!mayDo(permitsOf(request), ['access_mesos_logs'])) forbid(reply);
    else return true;
    return false;
  }
}

export const NOT_ITS_OWN = 'This registry does not write its own log';

const badRequest = (reply: FastifyReply, message: string): void =>
  sendRefusal(reply, httpError({ kind: 'bad-request', message }));

const forbid = (reply: FastifyReply): void => sendRefusal(reply, httpError({ kind: 'forbidden' }));

const notFound = (reply: FastifyReply): void => sendRefusal(reply, httpError({ kind: 'not-found', message: '' }));
