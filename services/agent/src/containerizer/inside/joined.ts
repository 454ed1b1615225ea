import { quote } from '../supervision/command-script.js';

/** A command whose process is put into cgroups before it begins. @param procsFiles `cgroup.procs` of each hierarchy */
export const joined = (procsFiles: readonly string[], argv: readonly string[]): readonly [string, ...string[]] => {
  const script = [...procsFiles.map((file) => `echo $$ > ${quote(file)}`), 'exec "$@"'].join('\n');
  return ['/bin/sh', '-c', script, 'sh', ...argv];
};
