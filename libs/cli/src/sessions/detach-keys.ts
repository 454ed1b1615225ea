const CTRL_P = 0x10;
const CTRL_Q = 0x11;

/** The person at the keys wants to leave. */
export class Detached extends Error {
  readonly code = 'cli/detached';
}

/**
 * Passes keys on until Ctrl-P Ctrl-Q comes, which neither gets through.
 *
 * A Ctrl-P waits for the next key, since only that tells what it means.
 *
 * @throws Detached
 */
export async function* untilDetached(keys: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let isHeld = false;
  for await (const chunk of keys) {
    const passed: number[] = [];
    const isLeft = chunk.some((key) => {
      if (isHeld && key === CTRL_Q) return true;
      if (isHeld) passed.push(CTRL_P);
      isHeld = key === CTRL_P;
      if (!isHeld) passed.push(key);
      return false;
    });
    if (passed.length > 0) yield Uint8Array.from(passed);
    if (isLeft) throw new Detached();
  }
  if (isHeld) yield Uint8Array.of(CTRL_P);
}
