/** Where programs are looked for by default: what the agent was started with says nothing about the machine. */
export const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
