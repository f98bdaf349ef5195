// The real program at a folder without a store, as somebody with one laptop starts it.
const {spawn} = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const root = path.join(__dirname, '..', '..');
const codes = path.join(root, 'config', 'codes');

class NewComputer {
  constructor(buildFolder, port) {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'throughgate-new-'));
    Object.assign(this, {program: path.join(buildFolder, 'node', 'throughgate-node'), port, said: ''});
    this.site = {url: `http://127.0.0.1:${port}`, name: `a new computer at ${port}`};
  }

  // The code that it tells.
  async start() {
    this.process = spawn(this.program, ['--data', path.join(this.folder, 'data'), '--codes', codes, 'serve', '--port', String(this.port),
      '--sync-every', '0'], {stdio: ['ignore', 'pipe', 'pipe']});
    this.said = '';
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on('data', (data) => { this.said += data; });
    for (let i = 0; i < 600; i += 1) {
      const code = this.said.match(/^ {4}([0-9A-Z]{4}(?:-[0-9A-Z]{4}){2})$/m);
      if (code) return code[1];
      await new Promise((resolve) => { setTimeout(resolve, 50); });
    }
    throw new Error(`no code was told: ${this.said}`);
  }

  async end() {
    const ended = new Promise((resolve) => { this.process.once('close', resolve); });
    this.process.kill('SIGTERM');
    await ended;
    fs.rmSync(this.folder, {recursive: true, force: true});
  }
}

module.exports = {NewComputer};
