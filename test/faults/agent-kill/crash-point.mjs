// Names every step that an agent takes towards the disk, the node and the control plane, from the outside: by what goes through its ports.

/** Calls of a containerizer before and after which an agent can die. */
const CONTAINER_STEPS = ['recover', 'create', 'start', 'kill', 'remove'];

export class CrashPoint {
  #step;
  #crash;
  /** States of updates by their uuid: an acknowledgement only names the uuid. */
  #states = new Map();

  /** @param {(step: string) => void} crash does not return in earnest */
  constructor(crash) {
    this.#crash = crash;
  }

  /** @param {string} step e.g. `before create`, `after checkpoint of TASK_RUNNING` */
  arm(step) {
    this.#step = step;
  }

  aroundStore(inner) {
    return withMethods(inner, {
      append: async (records) => {
        const names = records.map((record) => this.#nameOf(record));
        this.#reach('before', names);
        await inner.append(records);
        this.#reach('after', names);
      },
    });
  }

  aroundContainerizer(inner) {
    const calls = CONTAINER_STEPS.map((name) => [name, (...args) => this.#around(name, () => inner[name](...args))]);
    const termination = (id) =>
      inner.termination(id).then((ended) => {
        this.#reach('after', ['the end of the container']);
        return ended;
      });
    return withMethods(inner, { ...Object.fromEntries(calls), termination });
  }

  aroundBus(inner) {
    const send = (contract, queue, items) => {
      if (contract.name !== 'report-task-status') return inner.send(contract, queue, items);
      const names = items.map(({ status }) => `report of ${status.state}`);
      this.#reach('before', names);
      return inner.send(contract, queue, items).then(() => this.#reach('after', names));
    };
    return withMethods(inner, { send });
  }

  async #around(name, call) {
    this.#reach('before', [name]);
    const result = await call();
    this.#reach('after', [name]);
    return result;
  }

  #reach(when, names) {
    for (const name of names) if (`${when} ${name}` === this.#step) this.#crash(this.#step);
  }

  #nameOf(record) {
    if (record.kind === 'status') {
      this.#states.set(record.status.uuid, record.status.state);
      return `checkpoint of ${record.status.state}`;
    }
    if (record.kind === 'acknowledged') return `checkpoint of the acknowledgement of ${this.#states.get(record.uuid)}`;
    return `checkpoint of ${record.kind}`;
  }
}

/** The object with some methods replaced; the others run on the object itself. */
function withMethods(inner, replaced) {
  return new Proxy(inner, {
    get(target, name) {
      if (Object.hasOwn(replaced, name)) return replaced[name];
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
