import type { ImageView, MissingAgentView, Page } from '@tranche/contracts';
import type { ApiList } from '../../api/api-client.js';
import type { CliContext } from '../../cli-context.js';
import { action, type Register } from '../../command-action.js';
import { NOTHING, since } from '../../output/cells.js';
import type { ListView } from '../../output/list-view.js';
import { showList } from '../../output/show-list.js';
import { formatBytes } from '../../values/size.js';
import { chooseAgent } from '../agent/choose-agents.js';

/** The most that the API gives at once. */
const PAGE_SIZE = 1000;

/** `tranche image ls`: the images that agents have. */
export const registerImageLs: Register = (image, cli) => {
  image
    .command('ls')
    .description('list images that containers can be made from at once')
    .option('-a, --agent <A>', 'only on this agent')
    .action(
      action<{ agent?: string }>(cli, async (context, _names, { agent }) => {
        const agentId = agent === undefined ? undefined : (await chooseAgent(context, agent)).id;
        await showList(
          context,
          () => imageListView(context),
          () => listImages(context, agentId),
        );
      }),
    );
};

/** Agents that could not be asked are named beside the list. */
async function listImages(context: CliContext, agentId: string | undefined): Promise<ApiList<ImageView>> {
  const items: ImageView[] = [];
  const missing = new Map<string, MissingAgentView>();
  for (let after: string | undefined; ; ) {
    const page = await context.api.get<Page<ImageView> & { missing?: MissingAgentView[] }>('/v1/images', {
      ...{ agentId, limit: PAGE_SIZE, after },
    });
    items.push(...page.items);
    for (const one of page.missing ?? []) missing.set(one.agentId, one);
    if (page.next === undefined) {
      noteMissing(context, [...missing.values()]);
      return { items, asOf: page.asOf };
    }
    after = page.next;
  }
}

export function noteMissing(context: CliContext, missing: readonly MissingAgentView[]): void {
  for (const { agentHostname, detail } of missing) context.note(`without ${agentHostname}: ${detail}`);
}

function imageListView({ io, settings }: CliContext): ListView<ImageView> {
  const isWide = settings.output === 'wide';
  return {
    name: ({ name }) => name,
    whenEmpty: 'no agent has an image; tranche run --image docker://NAME has one pulled',
    columns: [
      { title: 'NAME', cell: ({ name }) => name },
      { title: 'AGENT', cell: ({ agentHostname }) => agentHostname },
      {
        title: 'SIZE',
        cell: ({ sizeBytes }) => formatBytes(sizeBytes),
        order: ({ sizeBytes }) => sizeBytes,
        align: 'right',
      },
      {
        title: 'CONTAINERS',
        cell: ({ containers }) => (containers === 0 ? NOTHING : String(containers)),
        order: ({ containers }) => containers,
        align: 'right',
      },
      {
        title: 'USED',
        cell: ({ lastUsedAt }) => since(lastUsedAt, io.clock.nowMs(), isWide),
        order: ({ lastUsedAt }) => Date.parse(lastUsedAt),
        align: 'right',
      },
      {
        title: 'LAYERS',
        cell: ({ layers }) => String(layers),
        order: ({ layers }) => layers,
        align: 'right',
        isWide: true,
      },
      { title: 'PULLED', cell: ({ pulledAt }) => pulledAt, isWide: true },
      { title: 'DIGEST', cell: ({ digest }) => digest, isWide: true },
      { title: 'AGENT ID', cell: ({ agentId }) => agentId, isWide: true },
    ],
  };
}
