import { queueOf, RescindOffersV1 } from '@tranche/contracts';
import type { MessageBus } from '@tranche/messaging';
import type { Logger } from '@tranche/telemetry';
import type { OutstandingOffer } from '../quotas/offers-to-rescind.js';
import type { OutstandingOffers } from './outstanding-offers.port.js';
import type { RoleUsage } from './role-usage.js';

/** Offers as `offers` has stated them. */
export class OutstandingOffersBus implements OutstandingOffers {
  constructor(
    private readonly usage: RoleUsage,
    private readonly bus: Pick<MessageBus, 'send'>,
    private readonly logger: Logger,
  ) {}

  hasFrameworks(role: string): boolean {
    return this.usage.frameworksByRole().has(role);
  }

  all(): OutstandingOffer[] {
    return this.usage.outstandingOffers();
  }

  async rescind(offers: readonly OutstandingOffer[]): Promise<void> {
    const items = offers.map(({ offerId, frameworkId }) => ({ offerId, frameworkId }));
    try {
      await this.bus.send(RescindOffersV1, queueOf('offers'), items);
    } catch (error) {
      this.logger.warn('offers could not be rescinded', { offers: items.length, error });
    }
  }
}
