// The WebSocket: opened again after a cut, sooner at first, then every ten seconds.
const FIRST = 500;
const LONGEST = 10_000;
const BEAT = 20_000;
const SILENCE = 45_000;

export class Connection {
  wait = FIRST;
  ended = false;

  constructor(url, { opened, received, closed }) {
    Object.assign(this, { url, opened, received, closed });
    addEventListener("online", () => this.now());
    addEventListener("offline", () => this.socket?.close());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.now(); });
    setInterval(() => this.beat(), BEAT);
    this.connect();
  }

  get ready() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  connect() {
    clearTimeout(this.timer);
    const socket = new WebSocket(this.url);
    this.socket = socket;
    socket.onopen = () => { this.heard = Date.now(); this.opened(); };
    socket.onmessage = (event) => {
      this.heard = Date.now();
      if (this.socket === socket) this.received(JSON.parse(event.data));
    };
    socket.onclose = () => { if (this.socket === socket) this.again(); };
  }

  again() {
    this.socket = null;
    this.closed();
    if (this.ended) return;
    this.timer = setTimeout(() => this.connect(), this.wait * (0.75 + Math.random() / 2));
    this.wait = Math.min(this.wait * 2, LONGEST);
  }

  // Somebody looks, or the network is back: do not wait out the time.
  now() {
    if (!this.socket && !this.ended) this.connect();
  }

  // A server that says nothing at all is gone, though no close was seen.
  beat() {
    if (!this.ready) return;
    if (Date.now() - this.heard > SILENCE) {
      const { socket } = this;
      socket.onclose = null;
      socket.close();
      this.again();
    } else this.send({ type: "ping" });
  }

  settled() {
    this.wait = FIRST;
  }

  send(message) {
    if (this.ready) this.socket.send(JSON.stringify(message));
  }

  end() {
    this.ended = true;
    this.socket?.close();
  }
}
