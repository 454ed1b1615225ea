import type { CallView } from '@tranche/contracts';
import type { CliContext } from '../../cli-context.js';
import { UsageError } from '../../cli.errors.js';
import type { ListView } from '../../output/list-view.js';
import { showList } from '../../output/show-list.js';
import { formatBytes } from '../../values/size.js';
import { chooseFramework, frameworkPath } from '../framework/choose-framework.js';

/** More than are kept of a framework. */
const LIMIT = 1_000;

/** Where the calls and events of one framework are. @throws UsageError when none is named */
export async function callsPath(context: CliContext, framework: string | undefined): Promise<string> {
  if (framework === undefined) {
    throw new UsageError('events --calls: of which framework?', ['tranche events --calls --framework F']);
  }
  return frameworkPath((await chooseFramework(context, framework)).id, '/calls');
}

/** What a framework has called and was sent of late. */
export const showCalls = (context: CliContext, path: string, isShown: (call: CallView) => boolean): Promise<void> =>
  showList(
    context,
    () => VIEW,
    async () => {
      const { items, asOf } = await context.api.list<CallView>(path);
      const found = items.filter(isShown);
      const max = Number(context.flags.max ?? found.length);
      return { items: context.flags.sort === undefined && max > 0 ? found.slice(-max) : found, asOf };
    },
  );

export const callsStream = (path: string): string => `${path}?limit=${LIMIT}`;

/** `→ ACCEPT` from the framework, `← OFFERS` to it. */
export const callText = ({ direction, type, bytes, outcome }: CallView): string =>
  `${direction === 'call' ? '→' : '←'} ${type.padEnd(20)} ${formatBytes(bytes)}${outcome === undefined ? '' : `  ${outcome}`}`;

const VIEW: ListView<CallView> = {
  name: ({ type }) => type,
  whenEmpty: 'it has called nothing, and was sent nothing, since the service offers began',
  columns: [
    { title: 'TIME', cell: ({ at }) => at, order: ({ id }) => Number(id) },
    { title: 'WHO', cell: ({ direction }) => (direction === 'call' ? '→ call' : '← event') },
    { title: 'TYPE', cell: ({ type }) => type },
    { title: 'SIZE', cell: ({ bytes }) => formatBytes(bytes), order: ({ bytes }) => bytes, align: 'right' },
    { title: 'OUTCOME', cell: ({ outcome = '-' }) => outcome },
    { title: 'TRACE', cell: ({ traceId = '-' }) => traceId, isWide: true },
  ],
};
