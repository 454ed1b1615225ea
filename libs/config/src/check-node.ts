const MINIMUM = [22, 22] as const;

/** Stops the process with a clear text when Node is too old; the embedded database would end it with a segmentation fault. */
export function checkNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])) return;
  process.stderr.write(
    `error: Tranche needs Node ${MINIMUM.join('.')} or newer, this is ${version}\n  start it with npm: npm start (it brings its own Node)\n`,
  );
  process.exit(2);
}
