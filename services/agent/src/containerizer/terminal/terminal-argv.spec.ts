import { describe, expect, it } from 'vitest';
import { terminalArgv } from './terminal-argv.js';

const PROGRAMS = { script: '/usr/bin/script', stty: '/bin/stty' };

describe('terminalArgv', () => {
  it('runs the command by script, every word of it as it is', () => {
    const [file, flag, outer, name, inner] = terminalArgv(['sh', '-c', "echo 'a b'"], {}, PROGRAMS);
    expect([file, flag, name]).toEqual(['/bin/sh', '-c', 'sh']);
    expect(outer).toContain('exec /usr/bin/script --quiet --return --flush --echo always --command "$1" /dev/null');
    expect(inner?.split('\n').at(-1)).toBe(`exec sh -c 'echo '\\''a b'\\'''`);
    expect(inner).not.toContain('stty');
  });

  it('sets the size of the window before the command begins', () => {
    const inner = terminalArgv(['top'], { window: { rows: 40, columns: 120 } }, PROGRAMS).at(-1);
    expect(inner?.split('\n').slice(-2)).toEqual(['/bin/stty rows 40 columns 120', 'exec top']);
  });
});
