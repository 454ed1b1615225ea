import type { ReservationView } from '@tranche/contracts';
import { action, type Register } from '../../command-action.js';
import { ALL_MATCHING, type AllMatchingFlag, chooseTargets } from '../../targets/choose-targets.js';
import { type AgentChange, changeAgents } from './agent-operation.js';
import { matchById } from './match-by-id.js';

const placeOf = ({ role, agentHostname }: ReservationView): string => `${role} on ${agentHostname}`;

/** `tranche reservation rm`: gives back what was reserved. */
export const registerReservationRm: Register = (reservation, cli) => {
  reservation
    .command('rm')
    .description('give back what was reserved, all but its volumes')
    .argument('<RESERVATION>', 'as reservation ls shows it, or a beginning of it')
    .option(...ALL_MATCHING)
    .action(
      action<AllMatchingFlag>(cli, async (context, [text = ''], flags) => {
        const { items } = await context.api.list<ReservationView>('/v1/reservations');
        const matches = matchById(items, text, 'reservation', 'tranche reservation ls');
        const candidates = { kind: 'reservation', nameOf: placeOf, idOf: ({ id }: ReservationView) => id };
        const change: AgentChange<ReservationView> = {
          kind: 'reservation',
          nameOf: placeOf,
          ask: ({ id }) => ({ method: 'DELETE', path: `/v1/reservations/${id}` }),
          question: (what) => `give back ${what}?`,
          done: ({ agentHostname }, { consumed }) => `unreserved ${consumed} on ${agentHostname}`,
        };
        return changeAgents(context, chooseTargets(matches, text, candidates, flags), change, flags);
      }),
    );
};
