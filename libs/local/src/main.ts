import { checkNode } from '@tranche/config';

checkNode(process.versions.node);
// Everything else is loaded after the check: the embedded database would crash an older Node without a word.
const { runLocal } = await import('./run-local.js');
process.exitCode = await runLocal(process.argv.slice(2));
