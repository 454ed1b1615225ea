import { AsyncLocalStorage } from 'node:async_hooks';

const looks = new AsyncLocalStorage<true>();

/**
 * Has the service ask itself: requests that are injected meanwhile are nobody's, and may everything. What comes over the network never is one,
 * whatever it says of itself.
 *
 * What is found out so is not to be shown to whoever caused it, but by what that one may see.
 */
export const ownLook = <T>(ask: () => Promise<T>): Promise<T> => looks.run(true, ask);

/** Whether the request that is being taken in comes from the service itself. */
export const isOwnLook = (): boolean => looks.getStore() === true;
