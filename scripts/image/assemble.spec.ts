import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { stampCommit } from './assemble.mjs';

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
