/** What kept an image from being there. */
export type ImageFault =
  | 'bad-reference'
  | 'unauthorized'
  | 'not-found'
  | 'digest-mismatch'
  | 'unsupported'
  | 'bad-answer'
  | 'bad-layer'
  | 'unreachable'
  | 'disk-full'
  | 'cancelled';

/** More of what a registry has sent is not shown. */
const MAX_MESSAGE_CHARS = 1000;

/** An image cannot be had. The message is fit for a task's status: it names the values. */
export class ImageError extends Error {
  readonly code: `image/${ImageFault}`;
  constructor(
    readonly fault: ImageFault,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message.length > MAX_MESSAGE_CHARS ? `${message.slice(0, MAX_MESSAGE_CHARS)}…` : message, options);
    this.name = 'ImageError';
    this.code = `image/${fault}`;
  }
}
