// The YAML language server over stdio, as an editor speaks to it.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const program = path.join(import.meta.dirname, 'node_modules', 'yaml-language-server', 'bin', 'yaml-language-server');

/**
 * Editor is an editor with one folder open. `yaml` are its settings for the
 * language server; nothing is fetched from the network.
 */
export class Editor {
  #child = spawn(process.execPath, [program, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  #input = Buffer.alloc(0);
  #answers = new Map(); // by id of request
  #faults = new Map(); // by address of document
  #next = 1;
  #folder;
  #settings;

  constructor(folder, yaml = {}) {
    this.#folder = folder;
    this.#settings = { yaml: { schemaStore: { enable: false }, kubernetesCRDStore: { enable: false }, validate: true, hover: true, completion: true, ...yaml } };
    this.#child.stdout.on('data', chunk => {
      this.#input = Buffer.concat([this.#input, chunk]);
      while (this.#read());
    });
  }

  /** start shakes hands and hands over the settings. */
  async start() {
    await this.#ask('initialize', {
      processId: process.pid,
      rootUri: pathToFileURL(this.#folder).href,
      workspaceFolders: [{ uri: pathToFileURL(this.#folder).href, name: 'app' }],
      capabilities: {
        workspace: { configuration: true, workspaceFolders: true },
        textDocument: {
          completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown'] } },
          hover: { contentFormat: ['markdown'] },
        },
      },
    });
    this.#tell('initialized', {});
    this.#tell('workspace/didChangeConfiguration', { settings: this.#settings });
    return this;
  }

  /**
   * open shows a document to the server. A ¦ in it is the cursor, and is not
   * part of the text. It resolves with the document once its faults are known.
   */
  async open(name, marked) {
    const at = marked.indexOf('¦');
    const text = marked.replace('¦', '');
    const before = marked.slice(0, Math.max(at, 0)).split('\n');
    const uri = pathToFileURL(path.join(this.#folder, name)).href;
    const known = new Promise(resolve => this.#faults.set(uri, resolve));
    this.#tell('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
    const faults = (await known).map(d => ({ line: d.range.start.line + 1, message: d.message }));
    const where = { textDocument: { uri }, position: { line: before.length - 1, character: before.at(-1).length } };
    return {
      faults,
      complete: async () => {
        const { items } = await this.#ask('textDocument/completion', where);
        return items;
      },
      hover: async () => {
        const found = await this.#ask('textDocument/hover', where);
        return found?.contents?.value ?? '';
      },
    };
  }

  async stop() {
    await this.#ask('shutdown', null);
    this.#tell('exit', null);
  }

  #ask(method, params) {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#answers.set(id, { resolve, reject });
      this.#send({ id, method, params });
    });
  }

  #tell(method, params) { this.#send({ method, params }); }

  #send(message) {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  // read takes one message off the input, if one is there.
  #read() {
    const end = this.#input.indexOf('\r\n\r\n');
    if (end < 0) return false;
    const length = Number(/Content-Length: (\d+)/i.exec(this.#input.subarray(0, end).toString())[1]);
    if (this.#input.length < end + 4 + length) return false;
    const message = JSON.parse(this.#input.subarray(end + 4, end + 4 + length).toString());
    this.#input = this.#input.subarray(end + 4 + length);
    this.#take(message);
    return true;
  }

  #take({ id, method, params, result, error }) {
    if (method === undefined) {
      const { resolve, reject } = this.#answers.get(id);
      this.#answers.delete(id);
      if (error) reject(new Error(error.message)); else resolve(result);
    } else if (method === 'workspace/configuration') {
      this.#send({ id, result: params.items.map(({ section }) => this.#settings[section] ?? null) });
    } else if (id !== undefined) {
      this.#send({ id, result: null });
    } else if (method === 'textDocument/publishDiagnostics') {
      this.#faults.get(params.uri)?.(params.diagnostics);
    }
  }
}
