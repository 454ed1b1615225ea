/** A message does not fit its contract. The sender is at fault; the message goes to the dead letters. */
export class ContractError extends Error {
  readonly code = 'contracts/invalid-message';

  /**
   * @param pattern message name and version
   * @param path JSON pointer into the item, `/agent/port`
   * @param finding what is wrong there
   */
  constructor(
    readonly pattern: string,
    readonly path: string,
    readonly finding: string,
  ) {
    super(`message ${pattern} is invalid at ${path === '' ? '/' : path}: ${finding}`);
    this.name = 'ContractError';
  }
}
