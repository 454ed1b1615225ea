/** One option of a service, of `GET /v1/settings`. Served by each. */
export interface SettingView {
  /** Of its environment variable. */
  name: string;
  /** Secrets are masked; null when nothing is set. */
  value: unknown;
  /** `program`: whoever started the service in its own process has set it. */
  origin: 'environment' | 'file' | 'default' | 'program';
  default: unknown;
  type: string;
  unit?: string;
  description: string;
}
