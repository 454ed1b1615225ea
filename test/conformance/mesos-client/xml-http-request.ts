import { type ClientRequest, request } from 'node:http';

type Listener = () => void;

/** A browser's `XMLHttpRequest` as far as clients of event streams use it: text that grows, and an event for each part that came. */
export class XmlHttpRequest {
  readonly listeners = new Map<string, Listener[]>();
  private readonly headers: Record<string, string> = {};
  private sent: ClientRequest | undefined;
  private method = 'GET';
  private url = '';
  timeout = 0;
  responseType = '';
  status = 0;
  statusText = '';
  readyState = 0;
  response = '';

  get responseText(): string {
    return this.response;
  }

  addEventListener(type: string, listener: Listener): void {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]);
  }

  open(method: string, url: string): void {
    Object.assign(this, { method, url, readyState: 1 });
  }

  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value;
  }

  send(body: string | null): void {
    const { method, headers } = this;
    this.sent = request(this.url, { method, headers }, (answer) => {
      Object.assign(this, { status: answer.statusCode, statusText: answer.statusMessage, readyState: 3 });
      answer.setEncoding('utf8');
      answer.on('data', (text: string) => {
        this.response += text;
        this.tell('progress');
      });
      answer.on('end', () => this.over('load'));
      answer.on('error', () => this.over('error'));
    });
    this.sent.on('error', () => this.over('error'));
    this.sent.end(body ?? undefined);
  }

  abort(): void {
    if (this.readyState === 4) return;
    this.over('abort');
    this.sent?.destroy();
  }

  private over(how: 'load' | 'error' | 'abort'): void {
    if (this.readyState === 4) return;
    this.readyState = 4;
    this.tell(how);
  }

  private tell(type: string): void {
    for (const listener of this.listeners.get(type) ?? []) listener();
  }
}
