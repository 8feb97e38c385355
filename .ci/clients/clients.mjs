// The TypeScript clients, each in the ways it can be connected, behind one
// face so that all of them can be asked the same.
import * as v2 from '@modelcontextprotocol/client';
import { StdioClientTransport as Stdio2 } from '@modelcontextprotocol/client/stdio';
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as Stdio1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as HTTP1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { Said, serve, stdio } from './program.mjs';
import { modern } from './protocol.mjs';

const identity = { name: 'toolsd-tests', version: '1' };
const legacy = '2025-11-25';

// A maker of clients: `changed` is called for each notification of a changed
// list. A client before 2026-07-28 hears of them by itself once its stream is
// open, a later one has to ask.
const first = {
  make(changed) {
    const client = new Client1(identity);
    client.setNotificationHandler(ToolListChangedNotificationSchema, changed);
    return client;
  },
  listPage: (client, cursor) => client.listTools({ cursor }),
  transports: { HTTP: HTTP1, stdio: Stdio1 },
};

const second = mode => ({
  make(changed) {
    const client = new v2.Client(identity, { versionNegotiation: { mode } });
    client.setNotificationHandler('notifications/tools/list_changed', changed);
    return client;
  },
  listPage: (client, cursor) => client.listTools({ cursor }),
  listen: client => client.listen({ toolsListChanged: true }),
  transports: { HTTP: v2.StreamableHTTPClientTransport, stdio: Stdio2 },
});

/** Every client: its name, the version it should agree on, and connect. */
export const clients = [
  ['TypeScript 1.x', legacy, first],
  ['TypeScript 2.x legacy', legacy, second('legacy')],
  ['TypeScript 2.x auto', modern, second('auto')],
  ['TypeScript 2.x modern', modern, second({ pin: modern })],
].flatMap(([name, version, maker]) => [
  { name: `${name} over HTTP`, version, connect: (...to) => overHTTP(maker, version, ...to) },
  { name: `${name} over stdio`, version, connect: (...to) => overStdio(maker, version, ...to) },
]);

async function overHTTP(maker, version, tools, { flags, changed = () => {} } = {}) {
  const program = await serve(tools, flags);
  const stream = Promise.withResolvers();
  const transport = new maker.transports.HTTP(new URL(program.url), {
    async fetch(url, init) {
      const response = await fetch(url, init);
      if (init?.method === 'GET' && response.ok) stream.resolve();
      return response;
    },
  });
  const client = maker.make(changed);
  const session = await connect(maker, version, client, transport, program.said);
  return {
    ...session,
    listening: session.listening ?? (() => stream.promise),
    async close() {
      await transport.terminateSession?.();
      await client.close();
      await program.stop();
    },
  };
}

async function overStdio(maker, version, tools, { flags, changed = () => {} } = {}) {
  const transport = new maker.transports.stdio({ ...stdio(tools, flags), stderr: 'pipe' });
  const said = new Said(transport.stderr);
  const client = maker.make(changed);
  const session = await connect(maker, version, client, transport, said);
  return { ...session, listening: session.listening ?? (async () => {}), close: () => client.close() };
}

async function connect(maker, version, client, transport, said) {
  let agreed;
  const tell = transport.setProtocolVersion?.bind(transport);
  transport.setProtocolVersion = v => { agreed = v; tell?.(v); };
  await client.connect(transport);
  return {
    said,
    version: client.getNegotiatedProtocolVersion?.() ?? agreed,
    server: client.getServerVersion(),
    listPage: cursor => maker.listPage(client, cursor),
    call: (name, args) => client.callTool({ name, arguments: args }),
    // listening resolves when changes of the list will be heard of.
    listening: version === modern ? () => maker.listen(client) : undefined,
  };
}
