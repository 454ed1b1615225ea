import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { CASES } from './cases.js';
import { chartFolder, helm, type Manifest, parse, renderText, withoutPasswords } from './render.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Kinds of the Prometheus operator and the Gateway API: no schema of theirs is to be had as a package, goldens alone hold them. */
const WITHOUT_SCHEMA = new Set(['monitoring.coreos.com/v1', 'gateway.networking.k8s.io/v1']);

type Model = new (document: object) => { validate(): void };
const modelOf = async ({ apiVersion, kind }: Manifest): Promise<Model> => {
  const models = (await import(`kubernetes-models/${apiVersion}`)) as Record<string, Model>;
  const model = models[kind];
  if (model === undefined) throw new Error(`Kubernetes has no ${kind} in ${apiVersion}`);
  return model;
};

const texts = new Map<string, string>();
beforeAll(async () => {
  for (const [name, values] of Object.entries(CASES)) texts.set(name, withoutPasswords(await renderText(values)));
}, 60_000);
const textOf = (name: string): string => texts.get(name) ?? '';
const checked = (name: string): Manifest[] =>
  parse(textOf(name)).filter(({ apiVersion }) => !WITHOUT_SCHEMA.has(apiVersion));

it('helm lint finds nothing to warn of', async () => {
  const output = await helm(['lint', chartFolder, '--strict', '--kube-version', '1.35']);
  expect(output).not.toMatch(/\[(WARNING|ERROR)\]/);
});

describe.each(Object.keys(CASES))('the manifests of %s', (name) => {
  it('are those that were reviewed', async () => {
    await expect(textOf(name)).toMatchFileSnapshot(join(chartFolder, 'tests', `${name}.yaml`));
  });

  it("have the types of Kubernetes' schemas", async () => {
    const faults: string[] = [];
    for (const manifest of checked(name)) {
      const Model = await modelOf(manifest);
      try {
        new Model(manifest).validate();
      } catch (error) {
        faults.push(`${manifest.kind} ${manifest.metadata.name}: ${(error as Error).message}`);
      }
    }
    expect(faults).toEqual([]);
    expect(checked(name).length).toBeGreaterThan(8);
  });

  it('name each object once', () => {
    const names = parse(textOf(name)).map(({ apiVersion, kind, metadata }) => `${apiVersion} ${kind} ${metadata.name}`);
    expect(names).toEqual([...new Set(names)]);
  });
});

it('no manifest has a key that Kubernetes does not know', () => {
  // The models' validators pass unknown keys; the compiler does not.
  const folder = mkdtempSync(join(root, 'node_modules/.chart-'));
  try {
    const lines = Object.keys(CASES).flatMap((name) =>
      checked(name).map(
        (manifest, n) =>
          `export const d_${name.replaceAll('-', '_')}_${n}: import('kubernetes-models/${manifest.apiVersion}').I${manifest.kind} = ${JSON.stringify(manifest)};`,
      ),
    );
    const file = join(folder, 'manifests.ts');
    writeFileSync(file, lines.join('\n'));
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--ignoreConfig'];
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const compile = () =>
      execFileSync(process.execPath, [compiler, ...options, file], { encoding: 'utf8', stdio: 'pipe' });
    expect(lines.length).toBeGreaterThan(100);
    try {
      compile();
    } catch (error) {
      expect.fail((error as { stdout: string }).stdout);
    }
    // The check itself can fail: a misspelt key is found.
    writeFileSync(file, lines.join('\n').replace('imagePullPolicy', 'imagePulPolicy'));
    expect(compile).toThrow();
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);
