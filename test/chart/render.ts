import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parseAllDocuments, stringify } from 'yaml';
import { helmPath } from '../../scripts/helm.mjs';

const run = promisify(execFile);
export const chartFolder = fileURLToPath(new URL('../../helm/tranche', import.meta.url));

/** A Kubernetes object as rendered; what is in it beyond its type and name is for whoever looks. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Record<string, string>;
  };
  readonly [member: string]: unknown;
}

/** Runs the real helm. @throws the error of the command, with its output */
export async function helm(args: readonly string[], input = ''): Promise<string> {
  const child = run(await helmPath(), [...args], { maxBuffer: 1 << 26 });
  child.child.stdin?.end(input);
  return (await child).stdout;
}

/** Renders the chart with these values over its defaults, hooks included. */
export async function renderText(values: object): Promise<string> {
  return helm(
    ['template', 'tranche', chartFolder, '--namespace', 'mesh', '--kube-version', '1.35', '--values', '-'],
    stringify(values),
  );
}

export async function render(values: object): Promise<Manifest[]> {
  return parse(await renderText(values));
}

export function parse(text: string): Manifest[] {
  return parseAllDocuments(text).flatMap((document) => {
    const manifest = document.toJS() as Manifest | null;
    return manifest === null ? [] : [manifest];
  });
}

/** Generated passwords differ from rendering to rendering. */
export const withoutPasswords = (text: string): string => text.replaceAll(/\b[A-Za-z0-9]{32}\b(?=$|@)/gm, 'PASSWORD');
