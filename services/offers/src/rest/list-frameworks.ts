import type { FrameworkRecord, FrameworkView, Page } from '@tranche/contracts';
import {
  type ItemCount,
  type ListQuery,
  ListRequest,
  LISTS,
  type Place,
  type Placed,
  type Sight,
  sortValue,
  type SortValue,
} from '@tranche/http';
import type { ClusterState } from '../cluster-state.js';
import { type Framework, frameworkOf } from '../frameworks/framework.js';
import { type History, SORT_COLUMNS } from '../history/history.port.js';
import { frameworkView } from './framework-view.js';
import { isBehindHistory, ofHistory, pastRequest, timeValue, together } from './past.js';
import { countSeen, readSeen, type SeenRows, seesFramework } from './seen.js';

type FrameworkList = ListRequest<typeof LISTS.frameworks.filters>;

export const OTHER_FRAMEWORKS =
  'those that are not removed can be had without: ?state=connected&state=disconnected&state=recovered';

/** `GET /v1/frameworks`: newest registration first, from memory and history together. @param sight of who may not see everything */
export async function listFrameworks(
  query: ListQuery,
  { state, history, asOf }: { state: ClusterState; history: Pick<History, 'frameworks' | 'count'>; asOf: number },
  sight?: Sight,
): Promise<Page<FrameworkView>> {
  const list: FrameworkList = new ListRequest(query, LISTS.frameworks);
  const completed = [...state.frameworks.allCompleted()];
  const present = [...state.frameworks.all(), ...completed]
    .filter(({ record }) => list.passes('state', record.state) && list.passes('name', record.info.name))
    .filter(({ record }) => list.passes('role', ...record.roles))
    .filter((framework) => seesFramework(sight, framework));
  const request = pastRequest(list, ['name', 'role'], SORT_COLUMNS.frameworks);
  const ids = completed.map(({ frameworkId }) => frameworkId);
  const read = (window: typeof request) => history.frameworks(window);
  const sees = sight && ((record: FrameworkRecord): boolean => seesFramework(sight, { record }));
  const counted = async (): Promise<ItemCount> => {
    if (!list.isCounted) return 0;
    if (sees === undefined) return history.count({ of: 'frameworks', ...request }, ids);
    const known = new Set(ids);
    const isCounted = (record: FrameworkRecord): boolean => sees(record) && !known.has(record.frameworkId);
    return countSeen(read, request, isCounted, (record) => placed(frameworkOf(record)));
  };
  const [{ rows: past, upTo }, count] = list.passes('state', 'removed')
    ? await ofHistory(
        () =>
          Promise.all([
            isBehindHistory(list) ? NOTHING : readSeen(read, request, sees, (row) => placeIn(list, row)),
            counted(),
          ]),
        OTHER_FRAMEWORKS,
      )
    : [NOTHING, 0];
  const { entries, total } = together(present.map(placed), {
    past: past.map(frameworkOf).map(placed),
    ...(list.isCounted ? { count } : {}),
  });
  const terms = { sortedBy, upTo, ...(total === undefined ? {} : { total }) };
  return list.page(entries, asOf, (framework) => frameworkView(state, framework), terms);
}

const NOTHING: SeenRows<FrameworkRecord> = { rows: [] };

function placeIn({ order: { field } }: FrameworkList, record: FrameworkRecord): Place {
  const { entry, rank, key } = placed(frameworkOf(record));
  return { rank, key, ...(field === undefined ? {} : { value: sortedBy(entry, field) }) };
}

const placed = (entry: Framework): Placed<Framework> => ({
  entry,
  rank: -entry.record.registeredAtMs,
  key: entry.frameworkId,
});

/** As views have it. */
const sortedBy = ({ record }: Framework, field: string): SortValue =>
  field === 'name' ? sortValue(record.info.name) : timeValue(record.unregisteredAtMs);
