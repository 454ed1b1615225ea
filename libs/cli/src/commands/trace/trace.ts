import { showing, type Register } from '../../command-action.js';
import { registerTraceLs } from './ls.js';
import { showTrace, type TraceFlags } from './show.js';

/** `tranche trace`: where the time of a task or a request went. */
export const registerTrace: Register = (program, cli) => {
  const trace = program
    .command('trace')
    .description('what was done for a task or a request, by whom, and how long it took: by task, or by trace id')
    .argument('[TASK|TRACE_ID]')
    .option('--logs', 'the log lines of all services under their spans')
    // Flags are read before verbs: this is also the `--slow` of `ls`, which has a length.
    .option('--slow [DURATION]', 'only what the end waited for')
    .action(showing<TraceFlags>(cli, (context, [text], flags) => showTrace(context, text, flags)));
  registerTraceLs(trace, cli);
};
