import { expect, it } from 'vitest';
import { buildVersion, packageVersion } from './build-version.js';

it('tells the version of the package that a module belongs to, and when its file was written', () => {
  expect(packageVersion(import.meta.url)).toMatch(/^\d+\.\d+\.\d+/);
  const { version, buildDate, buildTimeSeconds, buildUser } = buildVersion(import.meta.url);
  expect(version).toBe(packageVersion(import.meta.url));
  expect(buildDate).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/);
  expect(new Date(`${buildDate.replace(' UTC', '')}Z`).getTime()).toBe(buildTimeSeconds * 1000);
  expect(buildUser).not.toBe('');
});
