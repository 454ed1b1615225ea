import type { ConfigMistake } from '../config.errors.js';
import { choiceOption, type Option, textOption } from '../option.js';
import { readTlsFiles, type TlsFileNames } from './read-tls-files.js';

const file = (name: string, description: string): Option<string> => ({
  ...textOption({ name, description, default: '' }),
  type: 'file',
});

/** How an HTTP API is served encrypted, and whom its process trusts. Files, not texts: they are read again when they are renewed. */
export const tlsOptions = {
  tlsCertFile: {
    ...file(
      'TLS_CERT_FILE',
      'Certificate with its chain, PEM: HTTPS is served instead of HTTP. Read again every minute, so that a renewed one is taken without a restart. Empty: plain HTTP',
    ),
    mistakesBeside: (values: Readonly<Record<string, unknown>>, readFile: (path: string) => string) =>
      mistakesIn(values as unknown as TlsFileNames, readFile),
  },
  tlsKeyFile: file('TLS_KEY_FILE', 'Key of that certificate, PEM, without a passphrase'),
  tlsCaFile: file(
    'TLS_CA_FILE',
    "Certificates, PEM, that services and agents are trusted by when this process calls them, beside the system's",
  ),
  tlsMinVersion: choiceOption({
    name: 'TLS_MIN_VERSION',
    description: 'Oldest version of TLS that is served',
    choices: ['TLSv1.2', 'TLSv1.3'],
    default: 'TLSv1.2',
  }),
};

/** What `tlsOptions` make of a configuration. */
export interface TlsSettings extends TlsFileNames {
  readonly tlsMinVersion: 'TLSv1.2' | 'TLSv1.3';
}

function mistakesIn(names: TlsFileNames, readFile: (path: string) => string): readonly ConfigMistake[] {
  const reading = readTlsFiles(names, readFile);
  return reading.ok ? [] : reading.mistakes;
}
