import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { ContractError } from './contract.errors.js';

/** What every message has around its items. Trace context travels in the transport's headers, not here. */
const EnvelopeSchema = Type.Object({
  /** UUID of this message; a redelivery has the same. */
  id: Type.String(),
  /** Name and version, `agent.registered.v1`. */
  pattern: Type.String(),
  /** One life of one sender, `offers/1f6c…`. */
  source: Type.String(),
  /** Facts and commands: 1, 2, 3 … per source and pattern, commands over all queues. Queries: 0. */
  sequence: Type.Integer(),
  /** UTC, ISO 8601. */
  time: Type.String(),
  /** Items of a fact or command; the one request of a query. */
  items: Type.Array(Type.Unknown()),
});
export type Envelope = Static<typeof EnvelopeSchema>;

const validator = Compile(EnvelopeSchema);

/** @throws ContractError when the outside of a message is malformed; its items are for their contract to check */
export function parseEnvelope(input: unknown): Envelope {
  if (validator.Check(input)) return input;
  const [first] = validator.Errors(input);
  throw new ContractError('envelope', first?.instancePath ?? '', first?.message ?? 'does not fit the schema');
}
