// Raw requests, of shapes that no client would send.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { serve, stdio } from './program.mjs';
import { modern } from './protocol.mjs';

const meta = `"_meta":{"io.modelcontextprotocol/protocolVersion":"${modern}","io.modelcontextprotocol/clientCapabilities":{}}`;
const initialize = version => `{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"${version}","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}`;
const initialized = '{"jsonrpc":"2.0","method":"notifications/initialized"}';

/** call is the text of a request to call a tool; args is JSON, or undefined. */
export function call(version, id, name, args) {
  const members = [`"name":${JSON.stringify(name)}`];
  if (args !== undefined) members.push(`"arguments":${args}`);
  if (version === modern) members.push(meta);
  return `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{${members.join()}}}`;
}

/** list is the text of a request to list the tools. */
export const list = (version, id) =>
  `{"jsonrpc":"2.0","id":${id},"method":"tools/list","params":{${version === modern ? meta : ''}}}`;

/**
 * overHTTP opens a session of a version. send posts a text and returns the
 * status and what came back; named are the method and the tool that the
 * headers of a later version repeat.
 */
export async function overHTTP(version, tools) {
  const program = await serve(tools);
  const headers = {
    'Content-Type': 'application/json', Accept: 'application/json, text/event-stream', 'MCP-Protocol-Version': version,
  };
  const post = async (body, more = {}) => {
    const response = await fetch(program.url, { method: 'POST', body, headers: { ...headers, ...more } });
    return { status: response.status, headers: response.headers, replies: read(response.headers, await response.text()) };
  };
  if (version !== modern) {
    const { headers: given } = await post(initialize(version));
    headers['Mcp-Session-Id'] = given.get('Mcp-Session-Id');
    await post(initialized);
  }
  return {
    send: (body, { method = 'tools/call', name } = {}) => post(body, version === modern && {
      'Mcp-Method': method, ...(name !== undefined && { 'Mcp-Name': name }),
    }),
    close: program.stop,
  };
}

// read takes the messages out of a body: JSON, an event stream, or nothing.
function read(headers, body) {
  if (body === '') return [];
  const type = headers.get('Content-Type')?.split(';')[0];
  if (type === 'text/event-stream') {
    return body.split('\n').filter(line => line.startsWith('data: ')).map(line => JSON.parse(line.slice('data: '.length)));
  }
  if (type !== 'application/json') throw new Error(`${type} instead of JSON: ${body}`);
  return [JSON.parse(body)].flat();
}

/**
 * overStdio opens a session of a version. send writes a line and returns the
 * reply to it, which has no id where that could not be read: one at a time.
 */
export async function overStdio(version, tools) {
  const { command, args, ...options } = stdio(tools);
  const child = spawn(command, args, { ...options, stdio: ['pipe', 'pipe', 'ignore'] });
  let give;
  createInterface({ input: child.stdout }).on('line', line => give(JSON.parse(line)));
  child.on('exit', code => give({ ended: code }));
  const send = line => {
    const { promise, resolve } = Promise.withResolvers();
    give = resolve;
    child.stdin.write(`${line}\n`);
    return promise;
  };
  if (version !== modern) {
    await send(initialize(version));
    child.stdin.write(`${initialized}\n`);
  }
  return {
    send,
    async close() {
      const ended = once(child, 'exit');
      child.stdin.end();
      const [code] = await ended;
      if (code !== 0) throw new Error(`the program ended with ${code}`);
    },
  };
}
