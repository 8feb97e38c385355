// The program under test: how it is started, and what it says.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

const patience = 15_000; // milliseconds for a line to be said

/** The tools directory that the run was given. */
export const givenTools = process.env.CLIENTS_TOOLS;
/** The tools directory that belongs to these tests. */
export const fixtures = path.join(import.meta.dirname, 'fixtures');

/** scratch makes an empty folder that is there until the tests end. */
export function scratch() {
  const folder = mkdtempSync(path.join(tmpdir(), 'toolsd-clients-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

// It runs in a folder without settings, so that only its flags count.
const cwd = scratch();
/** The program. */
export const binary = process.env.CLIENTS_BINARY;
const { HOME, PATH } = process.env;
const env = { HOME, PATH };

/** stdio is what a client needs to start the program by itself. */
export const stdio = (tools, flags = []) => ({
  command: binary, args: ['serve', '--stdio', '--tools', tools, ...flags], cwd, env,
});

/** Said collects the lines of streams. */
export class Said {
  lines = [];
  #waiting = new Set();

  constructor(...streams) {
    for (const stream of streams) {
      createInterface({ input: stream }).on('line', line => {
        this.lines.push(line);
        for (const look of this.#waiting) look(line);
      });
    }
  }

  /** next resolves with the next line that matches. */
  next(pattern) {
    return new Promise((resolve, reject) => {
      const done = settle => value => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        settle(value);
      };
      const found = done(resolve), missed = done(reject);
      const look = line => { if (pattern.test(line)) found(line); };
      const timer = setTimeout(() => missed(new Error(`no line like ${pattern} among:\n${this.lines.join('\n')}`)), patience);
      this.#waiting.add(look);
    });
  }
}

/**
 * serve starts the program over HTTP. stop asks it to end and rejects unless
 * it does so without a complaint.
 */
export async function serve(tools, flags = []) {
  const child = spawn(binary, ['serve', '--port', '0', '--tools', tools, ...flags], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = new Said(child.stdout, child.stderr);
  const ended = once(child, 'exit');
  const line = await said.next(/^\s*http:\S+$/);
  const stop = async () => {
    child.kill('SIGTERM');
    const [code, signal] = await ended;
    if (code !== 0) throw new Error(`the program ended with ${signal ?? code}:\n${said.lines.join('\n')}`);
  };
  return { url: line.trim(), said, stop };
}
