import { stat } from 'node:fs/promises';
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { OutputTimesView } from '@tranche/contracts';
import { demand, permitsOf, problem, ProblemError } from '@tranche/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { followFile } from '../sandbox/follow-file.js';
import { OutputTimes } from '../sandbox/output-times.js';
import { type SandboxEntry, SandboxFiles } from '../sandbox/sandbox-files.js';
import { LiveContainers } from '../tasks/live-containers.js';
import { ContainerUsers } from './container-users.js';
import { askedByFile } from './file-access.js';
import { writePatiently } from './write-patiently.js';

/** `GET /v1/files/follow?path=…&offset=…`: the bytes of a file as they are written, until its container has ended. */
@Controller('v1/files')
export class FollowController {
  constructor(
    private readonly files: SandboxFiles,
    private readonly live: LiveContainers,
    private readonly outputs: OutputTimes,
    private readonly users: ContainerUsers,
  ) {}

  /** @throws ProblemError 403 */
  private demandFile(request: FastifyRequest, entry: SandboxEntry): void {
    const permits = permitsOf(request);
    if (!permits.isOpen) demand(permits, askedByFile(this.users, entry));
  }

  /**
   * `GET /v1/files/times?path=…`: how large an output was when, oldest first, the last entry being what it is now. Of what was not watched while
   * it was written it is only known when it was written to last.
   */
  @Get('times')
  async times(@Req() request: FastifyRequest, @Query('path') path = ''): Promise<OutputTimesView> {
    const located = await this.files.locate(path);
    if (!located.ok) throw refusalOf(path, located.reason);
    this.demandFile(request, located.entry);
    const { realPath } = located.entry;
    const { size, mtimeMs } = await stat(realPath);
    const marks = this.outputs.of(this.files.watchedPath(realPath));
    const isKnown = marks.at(-1)?.bytes === size;
    const all = isKnown ? marks : [...marks, { atMs: mtimeMs, bytes: size }];
    return { items: all.map(({ atMs, bytes }) => ({ at: new Date(atMs).toISOString(), bytes })) };
  }

  @Get('follow')
  async follow(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { path = '', offset = '0' } = request.query as { path?: string; offset?: string };
    if (!/^\d{1,15}$/u.test(offset)) {
      throw refusal(400, 'request.malformed', `offset ${offset} is no number of bytes`);
    }
    const located = await this.files.locate(path);
    if (!located.ok) throw refusalOf(path, located.reason);
    const { entry } = located;
    this.demandFile(request, entry);
    // Before the file is opened: an end between the two is then seen, and all that was written before it is read.
    const ended = this.live.whenEnded(entry.containerId);
    const opened = await this.files.open(entry);
    if (!opened.ok) throw refusalOf(path, opened.reason);
    const { file } = opened;
    const reader = new AbortController();
    reply.hijack();
    reply.raw.on('close', () => reader.abort());
    try {
      reply.raw.writeHead(200, { 'content-type': 'application/octet-stream', 'cache-control': 'no-store' });
      reply.raw.flushHeaders();
      const bytes = followFile({
        file,
        realPath: entry.realPath,
        offset: Number(offset),
        ended,
        signal: reader.signal,
      });
      for await (const chunk of bytes) await writePatiently(reply.raw, chunk);
      reply.raw.end();
    } catch (error) {
      // The status is sent: a broken connection is the only way left to say that something is missing.
      reply.raw.destroy(error as Error);
    } finally {
      await file.close();
    }
  }
}

function refusalOf(path: string, reason: 'not-found' | 'inaccessible' | 'directory'): ProblemError {
  if (reason === 'not-found') return refusal(404, 'file.unknown', `no sandbox has a file ${path}`);
  if (reason === 'directory') return refusal(400, 'file.directory', `${path} is a directory`);
  return refusal(400, 'file.inaccessible', `${path} leads out of its sandbox`);
}

const TITLES: Readonly<Record<number, string>> = { 400: 'Request refused', 404: 'File not found' };

const refusal = (status: number, code: string, detail: string): ProblemError =>
  new ProblemError(problem(status, code, TITLES[status] ?? '', detail));
