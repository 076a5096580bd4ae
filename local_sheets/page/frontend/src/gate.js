// Every command of Univer passes here before it runs, so that a change is the server's before it is Univer's.
import { CommandService } from "@univerjs/core";

// Formulas are computed on the server; Univer's own engine reads them for the editor, and computes nothing.
const COMPUTING = /^formula\.mutation\.set-(?:trigger-)?formula-(?:calculation|dependency|string)/;

export class Gate extends CommandService {
  judge = null; // (id, parameters) => undefined to go on, else the command's answer, and nothing is run
  ours = 0;

  executeCommand(id, parameters, options) {
    const answer = this.ask(id, parameters);
    return answer === undefined ? super.executeCommand(id, parameters, options) : Promise.resolve(answer);
  }

  syncExecuteCommand(id, parameters, options) {
    const answer = this.ask(id, parameters);
    return answer === undefined ? super.syncExecuteCommand(id, parameters, options) : answer;
  }

  ask(id, parameters) {
    if (COMPUTING.test(id)) return false;
    return this.ours || !this.judge ? undefined : this.judge(id, parameters ?? {});
  }

  // Run something that the server has already said.
  silently(work) {
    this.ours += 1;
    try {
      return work();
    } finally {
      this.ours -= 1;
    }
  }
}
