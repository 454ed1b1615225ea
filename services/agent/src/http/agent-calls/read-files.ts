import {
  type AgentResponseListFiles,
  type AgentResponseReadFile,
  type ApiRefusal,
  fromMs,
  type Int64,
  int64ToBigInt,
} from '@tranche/mesos-api';
import { hostNames } from '../../sandbox/host-names.js';
import { type Permits, readBytes } from '@tranche/http';
import type { SandboxEntry, SandboxFiles } from '../../sandbox/sandbox-files.js';
import type { ContainerUsers } from '../container-users.js';
import { fileIsSeen } from '../file-access.js';

type Answered<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: ApiRefusal };

/** Files, and what of them a caller may see. */
export interface SeenFiles {
  readonly files: SandboxFiles;
  readonly users: ContainerUsers;
  readonly permits: Permits;
}

/** Answer to LIST_FILES; a file has no entries. @source operator API §2, recorded agent answers */
export async function listFiles(seen: SeenFiles, path: string): Promise<Answered<AgentResponseListFiles>> {
  const located = await locate(seen, path);
  const { files } = seen;
  if (!located.ok) return located;
  const entry = located.value;
  const [listed, names] = await Promise.all([files.list(entry), hostNames()]);
  const infos = listed.map(({ name, links, sizeBytes, mtimeSeconds, mode, uid, gid }) => ({
    path: `${entry.path}/${name}`,
    nlink: links,
    size: sizeBytes,
    mtime: fromMs(mtimeSeconds * 1000),
    mode,
    uid: names.user(uid),
    gid: names.group(gid),
  }));
  return { ok: true, value: { file_infos: infos } };
}

/** Answer to READ_FILE: at most 64 KiB at a time, and the size of the whole. @source operator API §2, recorded agent answers */
export async function readFilePart(
  seen: SeenFiles,
  { path, offset, length }: { readonly path: string; readonly offset: Int64; readonly length?: Int64 },
): Promise<Answered<AgentResponseReadFile>> {
  const located = await locate(seen, path);
  if (!located.ok) return located;
  const { files } = seen;
  const opened = await files.open(located.value);
  if (!opened.ok) return no(opened.reason === 'directory' ? 'Cannot read a directory.\n' : opened.reason, path);
  try {
    const request = {
      offset: Number(int64ToBigInt(offset)),
      ...(length === undefined ? {} : { length: Number(int64ToBigInt(length)) }),
    };
    const data = await readBytes(opened.file, opened.sizeBytes, request);
    return { ok: true, value: { size: opened.sizeBytes, data: data.toString('base64') } };
  } finally {
    await opened.file.close();
  }
}

async function locate(seen: SeenFiles, path: string): Promise<Answered<SandboxEntry>> {
  const located = await seen.files.locate(path);
  if (!located.ok) return no(located.reason, path);
  const { entry } = located;
  return fileIsSeen(seen.permits, seen.users, entry)
    ? { ok: true, value: entry }
    : { ok: false, refusal: { kind: 'forbidden' } };
}

function no(reason: string, path: string): { readonly ok: false; readonly refusal: ApiRefusal } {
  if (reason === 'not-found') return { ok: false, refusal: { kind: 'not-found', message: '' } };
  const message = reason === 'inaccessible' ? `'${path}' is inaccessible.\n` : reason;
  return { ok: false, refusal: { kind: 'bad-request', message } };
}
