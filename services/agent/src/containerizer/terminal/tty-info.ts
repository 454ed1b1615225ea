import type { ContainerInfo, TTYInfo } from '@tranche/mesos-api';
import type { Terminal, WindowSize } from './terminal.js';

/** The window that a message tells of, if it does. */
export const windowOf = ({ window_size: window }: TTYInfo = {}): { readonly window?: WindowSize } =>
  window === undefined ? {} : { window: { rows: window.rows, columns: window.columns } };

/** The terminal that a container asks for; empty when it asks for none. */
export const terminalOf = (container: ContainerInfo | undefined): { readonly terminal?: Terminal } =>
  container?.tty_info === undefined ? {} : { terminal: windowOf(container.tty_info) };
