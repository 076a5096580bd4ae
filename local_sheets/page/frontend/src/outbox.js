// What this tab has asked for and the server has not yet answered; it outlives a reload and a cut.
const random = () => [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const RELEASED = 1500;

// Take a lock for as long as this tab is open; a page that is being reloaded may hold it for a moment more.
function held(name) {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(RELEASED);
    const forever = () => { resolve(true); return new Promise(() => {}); };
    navigator.locks.request(name, { signal }, forever).catch((error) => (error.name === "TimeoutError" ? resolve(false) : reject(error)));
  });
}

export class Outbox {
  constructor(id) {
    this.name = `local-sheets:${id}`;
    this.state = { session: random(), next: 1, waiting: [], refused: [] };
    const kept = sessionStorage.getItem(this.name);
    if (kept) Object.assign(this.state, JSON.parse(kept));
  }

  // A tab that was duplicated has its twin's storage: the later one begins a session of its own.
  async claim() {
    if (!navigator.locks || (await held(`${this.name}:${this.session}`))) return;
    this.state = { session: random(), next: 1, waiting: [], refused: [] };
    await held(`${this.name}:${this.session}`);
  }

  get session() {
    return this.state.session;
  }

  get waiting() {
    return this.state.waiting;
  }

  get refused() {
    return this.state.refused;
  }

  add(message) {
    const numbered = { ...message, op: this.state.next++ };
    this.waiting.push(numbered);
    this.save();
    return numbered;
  }

  // Return the message that was answered; undefined if it was already.
  answered(op) {
    const at = this.waiting.findIndex((message) => message.op === op);
    if (at < 0) return undefined;
    const [message] = this.waiting.splice(at, 1);
    this.save();
    return message;
  }

  // The server knows numbers up to `done`; what has no answer yet is sent again, and answered as it was the first time.
  after(done) {
    this.state.next = Math.max(this.state.next, done + 1);
    this.save();
  }

  save() {
    try {
      sessionStorage.setItem(this.name, JSON.stringify(this.state));
    } catch (error) {
      if (error.name !== "QuotaExceededError") throw error;
      sessionStorage.removeItem(this.name); // too much for a reload; it is still sent from here
    }
  }
}
