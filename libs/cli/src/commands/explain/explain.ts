import { showing, type Register } from '../../command-action.js';
import { registerExplainAgent } from './agent.js';
import { explainNamed } from './named.js';
import { type ExplainFlags, explainShape } from './shape.js';
import { registerExplainFramework } from './framework.js';
import { registerExplainRole } from './role.js';
import { registerExplainTask } from './task.js';

/** `tranche explain`: why somebody gets resources, or none. Its flags without a noun describe a shape. */
export const registerExplain: Register = (program, cli) => {
  const collect = (value: string, before: string[] = []): string[] => [...before, value];
  const explain = program
    .command('explain')
    .description(
      'why there are no resources: for a framework, a task, a role, an agent, or a shape such as --cpus 4 --mem 8g',
    )
    .argument('[NAME]', 'of a framework, a task, a role or an agent')
    .option('--cpus <N>', 'that many cpus on one agent')
    .option('--mem <SIZE>', 'that much memory on one agent')
    .option('--disk <SIZE>', 'that much disk on one agent')
    .option('--gpus <N>', 'that many gpus on one agent')
    .option('--ports <N|RANGES>', 'that many ports, or these: 8080-8090,9000-9000')
    .option('--role <ROLE>', "whose share of the cluster is used (default: *, or the framework's first role)")
    .option('--where <ATTR=V>', 'only on agents with this attribute; repeatable', collect)
    .option('--agents', 'list every agent with all of its obstacles')
    .action(
      showing<ExplainFlags>(cli, (context, [name], flags) =>
        name === undefined ? explainShape(context, flags) : explainNamed(context, name, flags),
      ),
    );
  registerExplainFramework(explain, cli);
  registerExplainTask(explain, cli);
  registerExplainRole(explain, cli);
  registerExplainAgent(explain, cli);
};
