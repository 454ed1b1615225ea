export { runCli } from './cli.js';
export type { CliIo, TextOutput } from './cli-io.js';
export { COMMANDS, type CommandEntry } from './command-table.js';
export { EXIT_CODES } from './exit-code.js';
