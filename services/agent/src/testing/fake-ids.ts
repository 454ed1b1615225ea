import type { Ids } from '../ids.port.js';

/** For tests: ids in order, and always the same chance. */
export class FakeIds implements Ids {
  private count = 0;

  uuid(): string {
    return `00000000-0000-4000-8000-${String(++this.count).padStart(12, '0')}`;
  }

  updateId(): string {
    return Buffer.from(String(++this.count).padStart(16, '0')).toString('base64');
  }

  random(): number {
    return 0.5;
  }
}
