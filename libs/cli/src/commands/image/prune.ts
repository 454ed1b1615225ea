import type { AgentView, ImagePruneView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { action, type Register } from '../../command-action.js';
import { EXIT_CODES } from '../../exit-code.js';
import { changeTargets, type TargetChange } from '../../targets/change-targets.js';
import { formatBytes } from '../../values/size.js';
import { chooseAgent } from '../agent/choose-agents.js';
import { noteMissing } from './ls.js';

interface PruneFlags {
  agent?: string;
  unused?: boolean;
}

/** Where images are removed: on one agent, or on all. */
interface Place {
  readonly agent?: AgentView;
}

/** `tranche image prune`: frees the disks of agents of what nothing uses. */
export const registerImagePrune: Register = (image, cli) => {
  image
    .command('prune')
    .description('remove layers that no image has any more; with --unused also images that no container is made from')
    .option('-a, --agent <A>', 'only on this agent')
    .option('--unused', 'also images that no container is made from')
    .action(
      action<PruneFlags>(cli, async (context, _names, { agent, unused = false }) => {
        const place: Place = agent === undefined ? {} : { agent: await chooseAgent(context, agent) };
        const views: ImagePruneView[] = [];
        const exitCode = await changeTargets(context, [place], pruning(context, unused, views), false);
        const last = views.at(-1);
        noteMissing(context, last?.missing ?? []);
        const left = last?.unused ?? 0;
        if (left > 0 && !unused) {
          const what = left === 1 ? '1 image that nothing uses stays' : `${left} images that nothing uses stay`;
          context.note(`${what}: tranche image prune --unused`);
        }
        return last !== undefined && last.missing.length > 0 ? Math.max(exitCode, EXIT_CODES.failed) : exitCode;
      }),
    );
};

/** @param views what came of it is added to them */
const pruning = (
  context: CliContext,
  unused: boolean,
  views: ImagePruneView[],
): TargetChange<Place, ImagePruneView> => ({
  kind: 'place',
  nameOf: ({ agent }) => agent?.hostname ?? 'all agents',
  send: async ({ agent }, isTrial) => {
    const query = { ...(agent && { agentId: agent.id }), ...(isTrial && { dryRun: 'true' }) };
    const view = await context.api.change<ImagePruneView>(
      'POST',
      '/v1/images:prune',
      query,
      { unused },
      'images not pruned',
    );
    views.push(view);
    return view;
  },
  question: (what, [trial]) => `remove ${trial === undefined ? 'images' : sumText(trial.view)} of ${what}?`,
  // They can be pulled again, but that takes its time, and a registry that still has them.
  isLossy: unused,
  text: (_, view, isTrial) => pruneText(view, isTrial),
  idOf: (_, { agents }) => agents.flatMap(({ images }) => images).join('\n'),
});

/** A line for each agent of which something goes, and one for all. */
function pruneText(view: ImagePruneView, isTrial: boolean): string {
  const verb = isTrial ? 'would remove' : 'removed';
  const lines = view.agents
    .filter(({ images }) => images.length > 0)
    .map(({ agentHostname, images }) => `${agentHostname}: ${images.join(', ')}`);
  return [...lines, `${verb} ${sumText(view)}`].join('\n');
}

/** `2 images, 3 layers, 61 MiB`. */
function sumText({ images, layers, freedBytes }: ImagePruneView): string {
  const count = (number: number, noun: string): string => `${number} ${number === 1 ? noun : `${noun}s`}`;
  return `${count(images, 'image')}, ${count(layers, 'layer')}, ${formatBytes(freedBytes)}`;
}
