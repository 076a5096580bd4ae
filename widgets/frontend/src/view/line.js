// A WebSocket that comes back: after each loss it tries again, with growing pauses.

const FIRST = 500;
const LONGEST = 15_000; // milliseconds

export class Line {
  // `address` is a function, asked at each try. `mayReturn` is asked after a loss (a promise of true or
  // false); `lost` hears how many tries have failed since the line was last open.
  constructor({ address, protocols = [], hear, opened = () => {}, lost = () => {}, mayReturn = async () => true }) {
    Object.assign(this, { address, protocols, hear, opened, lost, mayReturn });
    this.tries = 0;
    this.isEnded = false;
    this.#connect();
  }

  // Asked of the socket: a line that goes down takes nothing any more before it is said to be closed.
  get isOpen() {
    return this.socket.readyState === WebSocket.OPEN;
  }

  send(data) {
    this.socket.send(data);
  }

  // For good; `code` tells the server why.
  end(code = 1000) {
    this.isEnded = true;
    clearTimeout(this.timer);
    this.socket.close(code);
  }

  #connect() {
    const socket = new WebSocket(new URL(this.address(), location.href.replace(/^http/, "ws")), this.protocols);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.tries = 0;
      this.opened();
    };
    socket.onmessage = (event) => this.isEnded || this.hear(event.data);
    socket.onclose = () => this.#closed();
    this.socket = socket;
  }

  async #closed() {
    if (this.isEnded) return;
    this.tries += 1;
    this.lost(this.tries);
    const pause = Math.min(FIRST * 2 ** (this.tries - 1), LONGEST) * (0.75 + Math.random() / 2);
    await new Promise((done) => {
      this.timer = setTimeout(done, pause);
    });
    if (this.isEnded || !(await this.mayReturn()) || this.isEnded) return;
    this.#connect();
  }
}
