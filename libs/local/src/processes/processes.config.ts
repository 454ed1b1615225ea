/** What the processes of a cluster are started with: our own environment, and on top of it what makes them one cluster. */
export const environmentWith = (own: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  ...process.env,
  ...own,
});
