import {
  type AgentResponseListFiles,
  type AgentResponseReadFile,
  type ApiRefusal,
  fromMs,
  type Int64,
  int64ToBigInt,
} from '@tranche/mesos-api';
import { hostNames } from '../../sandbox/host-names.js';
import { readBytes } from '@tranche/http';
import type { SandboxEntry, SandboxFiles } from '../../sandbox/sandbox-files.js';

type Answered<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: ApiRefusal };

/** Answer to LIST_FILES; a file has no entries. @source operator API §2, recorded agent answers */
export async function listFiles(files: SandboxFiles, path: string): Promise<Answered<AgentResponseListFiles>> {
  const located = await locate(files, path);
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
  files: SandboxFiles,
  { path, offset, length }: { readonly path: string; readonly offset: Int64; readonly length?: Int64 },
): Promise<Answered<AgentResponseReadFile>> {
  const located = await locate(files, path);
  if (!located.ok) return located;
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

async function locate(files: SandboxFiles, path: string): Promise<Answered<SandboxEntry>> {
  const located = await files.locate(path);
  return located.ok ? { ok: true, value: located.entry } : no(located.reason, path);
}

function no(reason: string, path: string): { readonly ok: false; readonly refusal: ApiRefusal } {
  if (reason === 'not-found') return { ok: false, refusal: { kind: 'not-found', message: '' } };
  const message = reason === 'inaccessible' ? `'${path}' is inaccessible.\n` : reason;
  return { ok: false, refusal: { kind: 'bad-request', message } };
}
