import type { HolderRow, Overview, QuotaRow, ResourceRow } from '@tranche/allocation';
import { NOTHING } from '../../output/cells.js';
import { type Column, renderTable } from '../../output/table.js';
import { bar } from './bar.js';

/** Rows of frameworks at most: those with the largest shares are shown. */
const MAX_HOLDERS = 40;

/** Who has what in the end, and how much of the cluster that is. */
export function overviewText(overview: Overview): string {
  const { timeSeconds, agents, holders, resources, quotas } = overview;
  const shown =
    holders.length <= MAX_HOLDERS ? holders : holders.toSorted((a, b) => b.share - a.share).slice(0, MAX_HOLDERS);
  const left = holders.length - shown.length;
  return [
    `\nAfter ${Number(timeSeconds.toFixed(3))} s, on ${agents} ${agents === 1 ? 'agent' : 'agents'}:\n`,
    shown.length > 0 ? `\n${renderTable(HOLDER_COLUMNS, shown)}` : '',
    left > 0 ? `… and ${left} more with smaller shares\n` : '',
    quotas.length > 0 ? `\n${renderTable(QUOTA_COLUMNS, quotas)}` : '',
    resources.length > 0 ? `\n${renderTable(RESOURCE_COLUMNS, resources)}` : '',
  ].join('');
}

const HOLDER_COLUMNS: readonly Column<HolderRow>[] = [
  { title: 'ROLE', cell: ({ role }) => role },
  { title: 'FRAMEWORK', cell: ({ frameworkId }) => frameworkId },
  { title: 'SHARE', cell: ({ share }) => bar([share, 0]) },
  { title: '', cell: ({ share }) => percent(share), align: 'right' },
  { title: 'IN USE', cell: ({ inUse }) => inUse.toText() || NOTHING },
  { title: 'OFFERED', cell: ({ offered }) => offered.toText() || NOTHING },
];

const QUOTA_COLUMNS: readonly Column<QuotaRow>[] = [
  { title: 'QUOTA OF', cell: ({ role }) => role },
  { title: 'GUARANTEE', cell: ({ guarantees }) => guarantees.toText() || NOTHING },
  { title: 'LIMIT', cell: ({ limits }) => limits.toText() || NOTHING },
  { title: 'HELD', cell: ({ held }) => held.toText() || NOTHING },
];

const RESOURCE_COLUMNS: readonly Column<ResourceRow>[] = [
  { title: 'RESOURCE', cell: ({ name }) => name },
  {
    title: 'IN USE ▓ OFFERED ▒',
    cell: ({ totalMilli, inUseMilli, offeredMilli }) => bar([inUseMilli / totalMilli, offeredMilli / totalMilli]),
  },
  { title: 'TOTAL', cell: ({ totalMilli }) => amount(totalMilli), align: 'right' },
  { title: 'IN USE', cell: ({ inUseMilli }) => amount(inUseMilli), align: 'right' },
  { title: 'OFFERED', cell: ({ offeredMilli }) => amount(offeredMilli), align: 'right' },
  {
    title: 'FREE',
    cell: ({ totalMilli, inUseMilli, offeredMilli }) => amount(Math.max(0, totalMilli - inUseMilli - offeredMilli)),
    align: 'right',
  },
];

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function amount(milli: number): string {
  return String(milli / 1000);
}
