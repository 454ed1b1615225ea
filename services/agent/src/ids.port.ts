/** Where ids and chance come from; tests give them in order. */
export interface Ids {
  /** UUID text, of a container. */
  uuid(): string;
  /** Base64 of the 16 bytes of a random UUID, of a status update. */
  updateId(): string;
  /** 0 ≤ x < 1, for back-off. */
  random(): number;
}
