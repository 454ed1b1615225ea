/** For tests: lets everything that was begun go as far as it can without time passing. */
export const settled = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(() => setImmediate(resolve));
  });
