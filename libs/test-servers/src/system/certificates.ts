import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files of one certificate: it, its key, and who has signed it. */
export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
  readonly caFile: string;
}

/** How a certificate is made. */
export interface CertificateNames {
  /** As openssl writes them: `IP:127.0.0.1`, `DNS:localhost`. Default: both. */
  readonly names?: readonly string[];
  /** For how long it is valid from now; negative: it has expired. Default 2. */
  readonly days?: number;
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** A certificate authority of its own, made by openssl in a folder of the test's. */
export class CertificateAuthority {
  readonly caFile: string;
  private readonly keyFile: string;

  constructor(
    private readonly folder: string,
    private readonly name = 'test-ca',
  ) {
    this.caFile = join(folder, `${name}.crt`);
    this.keyFile = join(folder, `${name}.key`);
    const files = ['-keyout', this.keyFile, '-out', this.caFile];
    openssl('req', '-x509', ...KEY, ...files, '-days', '2', '-subj', `/CN=${name}`);
  }

  /** A certificate that it has signed, in files named after it: an older one of that name is overwritten. */
  sign(name: string, { names = ['IP:127.0.0.1', 'DNS:localhost'], days = 2 }: CertificateNames = {}): CertificateFiles {
    const path = (suffix: string): string => join(this.folder, `${this.name}-${name}.${suffix}`);
    const [certFile, keyFile, request, extensions] = [path('crt'), path('key'), path('csr'), path('ext')];
    openssl('req', '-new', ...KEY, '-keyout', keyFile, '-out', request, '-subj', `/CN=${name}`);
    writeFileSync(extensions, `subjectAltName=${names.join(',')}\n`);
    const signer = ['-CA', this.caFile, '-CAkey', this.keyFile, '-CAcreateserial'];
    openssl('x509', '-req', '-in', request, ...signer, '-days', `${days}`, '-extfile', extensions, '-out', certFile);
    return { certFile, keyFile, caFile: this.caFile };
  }
}

function openssl(...args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: 'ignore' });
}
