/** How much waits in a queue. */
export interface QueueDepth {
  /** As senders call it, without the namespace of the mesh. `.queries` at its end: of questions. */
  readonly name: string;
  /** What the consumer has in hand is not counted. */
  readonly messages: number;
  /** Of which one is active, the others stand in line. */
  readonly consumers: number;
}
