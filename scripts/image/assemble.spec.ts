import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { stampCommit, trimSwaggerUi } from './assemble.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tranche-assemble-'));
  writeFileSync(join(folder, 'package.json'), '{"name":"x","version":"1.0.0"}');
});
afterEach(() => rmSync(folder, { recursive: true }));

it.each([
  ['9f2c', { name: 'x', version: '1.0.0', gitHead: '9f2c' }],
  ['unknown', { name: 'x', version: '1.0.0' }],
  ['', { name: 'x', version: '1.0.0' }],
  [undefined, { name: 'x', version: '1.0.0' }],
])('stamps the commit %j', (commit, manifest) => {
  stampCommit(folder, commit);
  expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).toEqual(manifest);
});

it('leaves of Swagger UI what its page takes', () => {
  const copy = join(folder, 'swagger-ui-dist');
  const manifest = createRequire(import.meta.url).resolve('swagger-ui-dist/package.json');
  cpSync(dirname(manifest), copy, { recursive: true });
  trimSwaggerUi(copy);
  expect(readdirSync(copy).toSorted()).toEqual([
    'LICENSE',
    'NOTICE',
    'favicon-32x32.png',
    'package.json',
    'swagger-ui-bundle.js',
    'swagger-ui-bundle.js.LICENSE.txt',
    'swagger-ui.css',
  ]);
});
