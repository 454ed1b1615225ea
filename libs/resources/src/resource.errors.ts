/** Why a text, document or operation on resources is refused. Stable: callers and tests match on it. */
export type ResourceErrorCode =
  /** A text does not follow the grammar of resources, quantities, limits or attributes. */
  | 'resources/bad-text'
  /** A JSON document has the wrong shape. */
  | 'resources/bad-json'
  /** A well-formed resource breaks a rule (name, value, reservation, disk, sharing). */
  | 'resources/invalid'
  /** A reservation cannot be pushed or popped. */
  | 'resources/bad-reservation';

/** Bad input about resources. The message is fit to be sent to the client who wrote it. */
export class ResourceError extends Error {
  readonly code: ResourceErrorCode;

  constructor(code: ResourceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ResourceError';
    this.code = code;
  }
}
