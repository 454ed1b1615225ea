import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { Logger } from '@tranche/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ownerOf, type PublicService, redirectTarget } from './mesos-paths.js';
import { type Problem, problem } from './problem.js';
import { ProblemError } from './problem.errors.js';
import { sendRefusal } from './reply.js';
import { sendProblem } from './send-problem.js';

/** Short texts as Mesos sends them for a bare status. */
const STATUS_TEXTS: Readonly<Record<number, string>> = {
  400: '400 Bad Request.',
  403: '403 Forbidden.',
  404: '404 Not Found.',
  405: '405 Method Not Allowed.',
  413: '413 Request Entity Too Large.',
  415: '415 Unsupported Media Type.',
  500: '500 Internal Server Error.',
  503: '503 Service Unavailable.',
};

export interface HttpExceptionFilterOptions {
  readonly service: string;
  readonly logger: Logger;
  readonly bodyLimitBytes: number;
  /** `host:port` of a service that serves a path we don't; undefined when it is not known. */
  readonly locate?: (owner: PublicService) => string | undefined;
}

/** The one place where errors of HTTP handlers become answers: text in Mesos' words, `application/problem+json` below `/v1`. */
@Catch()
export class HttpExceptionFilter implements ExceptionFilter {
  constructor(private readonly options: HttpExceptionFilterOptions) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.sent || reply.raw.headersSent) {
      // Its client sees no more than a connection that is reset. Where that has gone, it may well be why.
      if (!reply.raw.destroyed) this.log(request, error);
      reply.raw.destroy();
      return;
    }
    const status = statusOf(error);
    if (status === 404 && !(error instanceof ProblemError) && this.redirect(request, reply)) return;
    if (status >= 500 && !isOfGoneClient(error, reply)) this.log(request, error);
    const found = this.problemOf(error, status);
    if (request.url.startsWith('/v1')) sendProblem(reply, found);
    else sendRefusal(reply, { status, headers: {}, body: this.textOf(error, status) });
  }

  /** What a handler refuses knowingly, an agent that is away for one, is no defect. */
  private log({ method, url }: FastifyRequest, error: unknown): void {
    const { logger } = this.options;
    if (error instanceof ProblemError) logger.info('request refused', { method, path: url, reason: error.message });
    else logger.error('request failed', { method, path: url, error });
  }

  /** Another service's path is answered as a non-leading Mesos master answers. */
  private redirect(request: FastifyRequest, reply: FastifyReply): boolean {
    const owner = ownerOf(request.url);
    if (owner === undefined || owner === this.options.service) return false;
    const address = this.options.locate?.(owner);
    if (address === undefined) return false;
    sendRefusal(reply, {
      status: 307,
      headers: { location: `//${address}${redirectTarget(request.originalUrl)}` },
      body: '',
    });
    return true;
  }

  private problemOf(error: unknown, status: number): Problem {
    if (error instanceof ProblemError) return error.problem;
    if (status === 404) return problem(404, 'path.not_found', 'Not found', 'nothing is served at this path');
    if (status >= 500)
      return problem(status, 'service.defect', 'Internal error', 'the request failed; the log has the cause');
    return problem(status, 'request.refused', 'Request refused', this.textOf(error, status));
  }

  private textOf(error: unknown, status: number): string {
    if (error instanceof ProblemError) return error.problem.detail;
    if (status === 413) return `the body is larger than the limit of ${this.options.bodyLimitBytes} bytes`;
    if (status < 500 && status !== 404 && error instanceof Error) return error.message;
    return STATUS_TEXTS[status] ?? `${status}`;
  }
}

/** What was done for a client was broken off with it: nothing has failed. */
const isOfGoneClient = (error: unknown, { raw }: FastifyReply): boolean =>
  raw.destroyed && error instanceof Error && error.name === 'AbortError';

function statusOf(error: unknown): number {
  if (error instanceof ProblemError) return error.problem.status;
  if (error instanceof HttpException) return error.getStatus();
  const { statusCode } = error as { statusCode?: unknown };
  return typeof statusCode === 'number' && statusCode >= 400 ? statusCode : 500;
}
