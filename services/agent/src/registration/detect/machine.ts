import { statfs } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import type { Machine } from './detector.js';

/** The machine that the process runs on. */
export const thisMachine: Machine = {
  onlineCpus: () => cpus().length,
  totalMemBytes: () => totalmem(),
  fileSystemBytes: async (folder) => {
    const { blocks, bsize } = await statfs(folder);
    return blocks * bsize;
  },
};
