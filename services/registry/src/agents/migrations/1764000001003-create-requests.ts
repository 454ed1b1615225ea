import { CreateRequestTables } from '@tranche/persistence';

/** First answers to requests with a key, and who changed what last. */
export class CreateRequests1764000001003 extends CreateRequestTables {
  readonly name = 'CreateRequests1764000001003';
  protected readonly service = 'registry';
}
