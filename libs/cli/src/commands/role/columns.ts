import type { RoleView } from '@tranche/contracts';
import type { Column } from '../../output/table.js';
import { roleAmountsText } from '../../values/role-amounts.js';

/** What is shown of roles beside their names. */
export const ROLE_COLUMNS: readonly Column<RoleView>[] = [
  { title: 'WEIGHT', cell: ({ weight }) => String(weight), order: ({ weight }) => weight, align: 'right' },
  { title: 'USED', cell: ({ consumed }) => roleAmountsText(consumed) },
  { title: 'GUARANTEE', cell: ({ guarantee }) => roleAmountsText(guarantee) },
  { title: 'LIMIT', cell: ({ limit }) => roleAmountsText(limit) },
  {
    title: 'FRAMEWORKS',
    cell: ({ frameworks }) => String(frameworks.length),
    order: ({ frameworks }) => frameworks.length,
    align: 'right',
  },
  { title: 'OFFERED', cell: ({ offered }) => roleAmountsText(offered), isWide: true },
  { title: 'RESERVED', cell: ({ reserved }) => roleAmountsText(reserved), isWide: true },
];

export const NO_ROLES = 'no role is in use; a framework, a quota, a weight or a reservation makes one';
