// One widget's line to the kernel, whichever kernel that is and whether or not there is one yet.

export class Comm {
  constructor(id, target, channel) {
    this.comm_id = id;
    this.target_name = target;
    this.channel = channel;
  }

  send(data, callbacks, metadata, buffers) {
    return this.channel.send("comm_msg", { comm_id: this.comm_id, data }, { callbacks, metadata, buffers });
  }

  open(data, callbacks, metadata, buffers) {
    const content = { comm_id: this.comm_id, target_name: this.target_name, data };
    return this.channel.send("comm_open", content, { callbacks, metadata, buffers });
  }

  close(data = {}, callbacks, metadata, buffers) {
    return this.channel.send("comm_close", { comm_id: this.comm_id, data }, { callbacks, metadata, buffers });
  }

  on_msg(hear) {
    this.hear = hear;
  }

  on_close(end) {
    this.end = end;
  }
}
