import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { buildVersion, packageCommit, packageVersion } from './build-version.js';

it('tells the version of the package that a module belongs to, and when its file was written', () => {
  expect(packageVersion(import.meta.url)).toMatch(/^\d+\.\d+\.\d+/);
  const { version, buildDate, buildTimeSeconds, buildUser } = buildVersion(import.meta.url);
  expect(version).toBe(packageVersion(import.meta.url));
  expect(buildDate).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/);
  expect(new Date(`${buildDate.replace(' UTC', '')}Z`).getTime()).toBe(buildTimeSeconds * 1000);
  expect(buildUser).not.toBe('');
});

it('tells the commit that was written down when the package was built, and of a working tree that none is known', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tranche-build-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'package.json'), '{"version":"1.2.3","gitHead":"9f2c"}');
  writeFileSync(join(folder, 'module.js'), '');
  expect(packageCommit(pathToFileURL(join(folder, 'module.js')).href)).toBe('9f2c');
  expect(packageCommit(import.meta.url)).toBe('unknown');
});
