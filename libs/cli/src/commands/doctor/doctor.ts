import type { CliContext } from '../../cli-context.js';
import { CliError } from '../../cli.errors.js';
import { showing, type Register } from '../../command-action.js';
import { EXIT_CODES } from '../../exit-code.js';
import { painter } from '../../output/cells.js';
import { isTable } from '../../output/list-view.js';
import { checkAddress, checkAgents, checkCaller } from './cluster-checks.js';
import { type Finding, failed, ok } from './finding.js';
import { checkDependencies, checkQueues, checkServices } from './service-checks.js';

const REST = [checkCaller, checkServices, checkDependencies, checkQueues, checkAgents];

const SIGNS = { ok: ['green', '✔'], warning: ['yellow', '▲'], failed: ['red', '✘'] } as const;

/** `tranche doctor`: looks for what is wrong, and says what to do. */
export const registerDoctor: Register = (program, cli) => {
  program
    .command('doctor')
    .description(
      'check this machine, the address, credentials, each service, broker, database, clocks, queues and agents',
    )
    .action(
      showing(cli, async (context) => {
        const findings = await examine(context);
        if (isTable(context)) context.io.stdout.write(findings.map((one) => lineOf(context, one)).join(''));
        else
          context.io.stdout.write(
            `${JSON.stringify({ items: findings }, undefined, context.settings.output === 'json' ? 2 : 0)}\n`,
          );
        if (findings.some(({ check, state }) => check === 'address' && state === 'failed'))
          return EXIT_CODES.unreachable;
        return findings.some(({ state }) => state === 'failed') ? EXIT_CODES.failed : EXIT_CODES.done;
      }),
    );
};

/** All that can be checked: what one check needs of another that failed is left out. */
async function examine(context: CliContext): Promise<Finding[]> {
  const { settings, io } = context;
  const where = settings.contextName === undefined ? 'no context is used' : `context ${settings.contextName}`;
  const findings = [ok('this machine', `Node ${io.nodeVersion}; ${where}`)];
  try {
    findings.push(...(await checkAddress(context)));
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const remedy = error.details[0] ?? 'tranche local up';
    return [...findings, failed('address', error.message, remedy)];
  }
  for (const check of REST) {
    try {
      findings.push(...(await check(context)));
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      findings.push(
        failed(
          check === checkCaller ? 'credentials' : check.name.replace(/^check/, '').toLowerCase(),
          error.message,
          'tranche -v doctor',
        ),
      );
    }
  }
  return findings;
}

function lineOf({ settings }: CliContext, { check, state, text, remedy }: Finding): string {
  const [color, sign] = SIGNS[state];
  const paint = painter(settings.color);
  const rest = remedy === undefined ? '' : `\n${' '.repeat(21)}${remedy}`;
  return `${paint(color, sign)} ${check.padEnd(18)} ${text}${rest}\n`;
}
