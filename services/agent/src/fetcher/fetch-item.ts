import type { CommandInfoURI } from '@tranche/mesos-api';

/** How an archive is taken apart; `gunzip` is a single file. */
export type UnpackKind = 'tar' | 'tar.gz' | 'tar.bz2' | 'tar.xz' | 'zip' | 'gunzip';

/** Where bytes come from. */
export type FetchSource =
  | {
      readonly kind: 'http';
      readonly url: string;
      /** Sent with the request: the trace that it belongs to. */
      readonly traceparent?: string;
    }
  | { readonly kind: 'file'; readonly path: string };

/** One URI of a task, understood. */
export interface FetchItem {
  /** As the task names it, for messages. */
  readonly uri: string;
  /** Where the bytes come from. */
  readonly source: FetchSource;
  /** Path of the file below the sandbox. */
  readonly name: string;
  readonly isExecutable: boolean;
  /** Undefined for what stays as it is. */
  readonly unpack?: UnpackKind;
  readonly isCached: boolean;
  /** What the bytes must be, hexadecimal digits in lower case. */
  readonly sha256?: string;
}

export type ParsedItem =
  | { readonly ok: true; readonly item: FetchItem }
  | { readonly ok: false; readonly fault: string };

/** First match counts. @source Mesos 1.11: fetcher, by the end of the name in the sandbox */
const UNPACK_BY_ENDING: readonly (readonly [RegExp, UnpackKind])[] = [
  [/\.tar$/u, 'tar'],
  [/\.(tgz|tar\.gz)$/u, 'tar.gz'],
  [/\.(tbz2|tar\.bz2)$/u, 'tar.bz2'],
  [/\.(txz|tar\.xz)$/u, 'tar.xz'],
  [/\.zip$/u, 'zip'],
  [/\.gz$/u, 'gunzip'],
];

/** The part of a URI after its `#`; it is not sent to any server. */
const CHECKSUM = /#sha256=(?<digest>[^#]*)$/u;

/**
 * What a URI of a task asks for.
 *
 * @param frameworksHome where relative paths begin; without one they are refused
 * @returns or what is wrong with it
 * @source Mesos 1.11: fetcher; the checksum is Tranche's, ADR 140
 */
export function parseItem(uri: CommandInfoURI, frameworksHome: string | undefined): ParsedItem {
  const { value, executable = false, extract = true, cache = false, output_file } = uri;
  const digest = CHECKSUM.exec(value)?.groups?.digest;
  const bare = value.replace(CHECKSUM, '');
  const source = sourceOf(bare, frameworksHome);
  if (typeof source === 'string') return { ok: false, fault: source };
  if (digest !== undefined && !/^[0-9a-f]{64}$/iu.test(digest)) {
    return { ok: false, fault: `#sha256 must be 64 hexadecimal digits, got "${digest}"` };
  }
  const name = nameOf(bare, output_file);
  if (typeof name !== 'string') return { ok: false, fault: name.fault };
  const unpack = executable || !extract ? undefined : UNPACK_BY_ENDING.find(([ending]) => ending.test(name))?.[1];
  return {
    ok: true,
    item: {
      ...{ uri: value, source, name, isExecutable: executable, isCached: cache },
      ...(unpack === undefined ? {} : { unpack }),
      ...(digest === undefined ? {} : { sha256: digest.toLowerCase() }),
    },
  };
}

function sourceOf(uri: string, frameworksHome: string | undefined): FetchItem['source'] | string {
  const scheme = /^(?<scheme>[a-z][a-z0-9+.-]*):/iu.exec(uri)?.groups?.scheme?.toLowerCase();
  if (scheme === 'http' || scheme === 'https') {
    return URL.canParse(uri) ? { kind: 'http', url: uri } : 'is no URL';
  }
  if (scheme === 'file') return { kind: 'file', path: uri.replace(/^file:(?:\/\/(?:localhost)?(?=\/))?/iu, '') };
  if (scheme !== undefined) return `the scheme ${scheme} is not supported; http, https, file and paths are`;
  if (uri.startsWith('/')) return { kind: 'file', path: uri };
  if (frameworksHome === undefined) return 'a relative path needs the option AGENT_FRAMEWORKS_HOME of the agent';
  return { kind: 'file', path: `${frameworksHome.replace(/\/+$/u, '')}/${uri}` };
}

function nameOf(uri: string, outputFile: string | undefined): string | { readonly fault: string } {
  if (outputFile === undefined) {
    const base =
      uri
        .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/iu, '')
        .split('/')
        .at(-1) ?? '';
    return base === '' || base === '.' || base === '..' ? { fault: 'has no file name at its end' } : base;
  }
  if (outputFile === '') return { fault: 'its output_file is empty' };
  if (outputFile.startsWith('/')) return { fault: `its output_file ${outputFile} is an absolute path` };
  const parts = outputFile.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) return { fault: `its output_file ${outputFile} leads out of the sandbox` };
  return parts.length === 0 ? { fault: `its output_file ${outputFile} names no file` } : parts.join('/');
}

/** Name of what a single compressed file becomes. */
export const gunzippedName = (name: string): string => name.replace(/\.gz$/u, '');
