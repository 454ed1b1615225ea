import { readFileSync } from 'node:fs';
import { ConfigError, readTlsFiles, type TlsFileContents, type TlsFileNames, type TlsReading } from '@tranche/config';
import { type Logger, type Metrics, systemClock } from '@tranche/telemetry';

/** How often the files are read again: certificates are renewed days before their end. */
const LOOK_EVERY_MS = 60_000;

/** Long enough for people to see to it; what renews certificates by itself does so earlier. */
const SOON_MS = 7 * 86_400_000;

export interface TlsFilesParts {
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly nowMs?: () => number;
}

/**
 * The files of the TLS options, read again as they are renewed.
 *
 * Their contents are compared, not their times: Kubernetes changes a link to a folder above them, and what renews them may write one after the other. A certificate
 * without its key, as that is seen in between, is left alone until the next look.
 */
export class TlsFiles {
  private known: TlsFileContents;
  private readonly callbacks: ((contents: TlsFileContents) => void)[] = [];
  private lastFault: string | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** @throws ConfigError when they cannot be used */
  constructor(
    private readonly names: TlsFileNames,
    private readonly parts: TlsFilesParts,
  ) {
    const reading = this.read();
    if (!reading.ok) throw new ConfigError(reading.mistakes);
    this.known = reading.contents;
    this.tellEnd();
  }

  get contents(): TlsFileContents {
    return this.known;
  }

  /** Calls back with what has been renewed. */
  onRenewed(callback: (contents: TlsFileContents) => void): void {
    this.callbacks.push(callback);
  }

  /** Looks every minute, as long as the process lives or until it is stopped. */
  watch(everyMs = LOOK_EVERY_MS): this {
    this.timer ??= setInterval(() => this.look(), everyMs).unref();
    return this;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Reads the files again. What cannot be used is told once, and what is known stays in use. */
  look(): void {
    const reading = this.read();
    if (!reading.ok) {
      const fault = reading.mistakes.map(({ name, problem }) => `${name}: ${problem}`).join('; ');
      if (fault !== this.lastFault) this.parts.logger.warn('renewed certificate cannot be used yet', { fault });
      this.lastFault = fault;
      return;
    }
    this.lastFault = undefined;
    const { contents } = reading;
    if (JSON.stringify(contents) === JSON.stringify(this.known)) return;
    this.known = contents;
    this.parts.logger.info('certificates are renewed', { expires: timeText(contents.expiresAtMs) });
    this.tellEnd();
    for (const callback of this.callbacks) callback(contents);
  }

  /** When the certificate that is served ends, at each scrape. */
  observe(metrics: Metrics): void {
    const gauge: { set(value: number): void } = metrics.gauge(
      'tranche_tls_certificate_expiry_seconds',
      'When the certificate that is served ends, seconds since the epoch',
      [],
      () => gauge.set((this.known.expiresAtMs ?? 0) / 1_000),
    );
  }

  private read(): TlsReading {
    return readTlsFiles(this.names, (path) => readFileSync(path, 'utf8'));
  }

  private tellEnd(): void {
    const { expiresAtMs } = this.known;
    if (expiresAtMs === undefined) return;
    const leftMs = expiresAtMs - (this.parts.nowMs ?? (() => systemClock.nowMs()))();
    const fields = { file: this.names.tlsCertFile, expires: timeText(expiresAtMs) };
    if (leftMs <= 0) this.parts.logger.warn('certificate has expired: clients refuse it', fields);
    else if (leftMs < SOON_MS) this.parts.logger.warn('certificate expires soon', fields);
  }
}

const timeText = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : new Date(ms).toISOString();
