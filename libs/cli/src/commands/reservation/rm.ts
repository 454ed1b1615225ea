import type { ReservationView } from '@tranche/contracts';
import { action, type Register } from '../../command-action.js';
import { changeAgent } from './agent-operation.js';
import { chooseById } from './choose.js';

/** `tranche reservation rm`: gives back what was reserved. */
export const registerReservationRm: Register = (reservation, cli) => {
  reservation
    .command('rm')
    .description('give back what was reserved, all but its volumes')
    .argument('<RESERVATION>', 'as reservation ls shows it, or a beginning of it')
    .action(
      action(cli, async (context, [id = '']) => {
        const { items } = await context.api.list<ReservationView>('/v1/reservations');
        const { id: whole, agentHostname } = chooseById(items, id, 'reservation', 'tranche reservation ls');
        return changeAgent(context, {
          method: 'DELETE',
          path: `/v1/reservations/${whole}`,
          done: ({ consumed }) => `unreserved ${consumed} on ${agentHostname}`,
        });
      }),
    );
};
