import { RemoteError } from './messaging.errors.js';

/** What comes back to who asked: the response, or what kept the handler from giving one. */
export type Answer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** The text of a response. */
export const answerText = (value: unknown): string => JSON.stringify({ ok: true, value } satisfies Answer);

/** The text that tells of a failure: its code and message, nothing of its stack. */
export function failureText(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return JSON.stringify({
    ok: false,
    code: typeof code === 'string' ? code : 'messaging/handler-failed',
    message: typeof message === 'string' ? message : '',
  } satisfies Answer);
}

/** The response in a text. @throws RemoteError when it tells of a failure */
export function answerOf(text: string): unknown {
  const answer = JSON.parse(text) as Answer;
  if (!answer.ok) throw new RemoteError(answer.code, answer.message);
  return answer.value;
}
