import { basename } from 'node:path';
import { All, Controller, Req, Res } from '@nestjs/common';
import { contentTypeOf, parseReadQuery, permitsOf, readChunk, sendJsonText, sendRefusal } from '@tranche/http';
import { arrayOf, httpError, jsonDouble, jsonString, objectOf } from '@tranche/mesos-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AgentViews } from './agent-views.js';
import { ContainerUsers } from './container-users.js';
import { fileIsSeen } from './file-access.js';
import { forbid, mayGet } from './guard-endpoint.js';
import { hostNames } from '../sandbox/host-names.js';
import { modeText } from '../sandbox/mode-text.js';
import { type SandboxEntry, SandboxFiles } from '../sandbox/sandbox-files.js';

const NO_PATH = "Expecting 'path=value' in query.\n";

/** Files of the sandboxes, as Mesos' agents serve them. */
@Controller('files')
export class FilesController {
  constructor(
    private readonly files: SandboxFiles,
    private readonly views: AgentViews,
    private readonly users: ContainerUsers,
  ) {}

  /** Under which names there is something, and where that is. */
  @All('debug')
  debug(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    if (!mayGet(request, reply, ['get_endpoints', '/files/debug'])) return;
    sendJsonText(reply, objectOf(this.views.attachedPaths().map(([name, path]) => [name, jsonString(path)])));
  }

  @All('browse')
  async browse(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const entry = await this.locate(request, reply);
    if (entry === undefined) return;
    const [listed, names] = await Promise.all([this.files.list(entry), hostNames()]);
    const lines = listed.map((file) =>
      objectOf([
        ['gid', jsonString(names.group(file.gid))],
        ['mode', jsonString(modeText(file.mode))],
        ['mtime', jsonDouble(file.mtimeSeconds)],
        ['nlink', String(file.links)],
        ['path', jsonString(`${entry.path}/${file.name}`)],
        ['size', String(file.sizeBytes)],
        ['uid', jsonString(names.user(file.uid))],
      ]),
    );
    sendJsonText(reply, arrayOf(lines));
  }

  @All('read')
  async read(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = parseReadQuery(request.query as Record<string, string | undefined>);
    if (!query.ok) return refuse(reply, query.message);
    const entry = await this.locate(request, reply);
    if (entry === undefined) return;
    const opened = await this.files.open(entry);
    if (!opened.ok) return refuseReason(reply, entry.path, opened.reason, 'Cannot read a directory.\n');
    try {
      const { data, offset } = await readChunk(opened.file, opened.sizeBytes, query.request);
      sendJsonText(
        reply,
        objectOf([
          ['data', jsonString(data)],
          ['offset', String(offset)],
        ]),
      );
    } finally {
      await opened.file.close();
    }
  }

  @All('download')
  async download(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const entry = await this.locate(request, reply);
    if (entry === undefined) return;
    const opened = await this.files.open(entry);
    if (!opened.ok) return refuseReason(reply, entry.path, opened.reason, 'Cannot download a directory.\n');
    const name = basename(entry.path);
    // Only what is there now: a file that grows meanwhile must not outgrow the promised length.
    const { file, sizeBytes } = opened;
    void reply
      .code(200)
      .header('content-disposition', `attachment; filename=${headerText(name)}`)
      .header('content-type', contentTypeOf(name))
      .header('content-length', sizeBytes);
    if (sizeBytes > 0) return void reply.send(file.createReadStream({ start: 0, end: sizeBytes - 1 }));
    await file.close();
    void reply.send('');
  }

  /** @returns undefined when the request was refused */
  private async locate(request: FastifyRequest, reply: FastifyReply): Promise<SandboxEntry | undefined> {
    const { path } = request.query as { path?: unknown };
    if (typeof path !== 'string' || path === '') {
      refuse(reply, NO_PATH);
      return undefined;
    }
    const located = await this.files.locate(path);
    if (!located.ok) refuseReason(reply, path, located.reason, '');
    else if (fileIsSeen(permitsOf(request), this.users, located.entry)) return located.entry;
    else forbid(reply);
    return undefined;
  }
}

function refuseReason(
  reply: FastifyReply,
  path: string,
  reason: 'not-found' | 'inaccessible' | 'directory',
  ofDirectory: string,
): void {
  if (reason === 'not-found') sendRefusal(reply, httpError({ kind: 'not-found' }));
  else refuse(reply, reason === 'directory' ? ofDirectory : `'${path}' is inaccessible.\n`);
}

function refuse(reply: FastifyReply, message: string): void {
  sendRefusal(reply, httpError({ kind: 'bad-request', message }));
}

/** A task may give its files any name: what a header cannot hold is replaced. */
const headerText = (name: string): string => name.replaceAll(/[^\x20-\x7e]|["\\;]/gu, '_');
