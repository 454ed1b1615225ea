/** How much waits in a queue. */
export interface QueueDepth {
  /** As senders call it, without the namespace of the mesh. `.queries` at its end: of questions. */
  readonly name: string;
  /** What the consumer has in hand is not counted. */
  readonly messages: number;
  /** 0: nobody takes from it. Of those that stand in line behind the active one the broker counts some kinds' only. */
  readonly consumers: number;
}
