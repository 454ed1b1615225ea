import { mkdirSync, mkdtempSync, readlinkSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linkNode } from './link-node.mjs';

describe('linkNode', () => {
  const name = `node-${process.platform}-${process.arch}`;
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'link-node-'));
    mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const bring = (): void => {
    mkdirSync(join(folder, 'node_modules', name, 'bin'), { recursive: true });
    writeFileSync(join(folder, 'node_modules', name, 'bin/node'), '');
  };

  it('links the Node that was brought, once', () => {
    bring();
    linkNode(folder);
    linkNode(folder);
    expect(readlinkSync(join(folder, 'node_modules/.bin/node'))).toBe(`../${name}/bin/node`);
  });

  it('leaves a machine alone for which none was brought', () => {
    linkNode(folder);
    expect(existsSync(join(folder, 'node_modules/.bin/node'))).toBe(false);
  });
});
