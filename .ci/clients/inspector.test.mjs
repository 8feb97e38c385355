// The command line of the MCP Inspector, which people try servers out with.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { fixtures, givenTools, scratch, serve, stdio } from './program.mjs';

const cli = path.join(import.meta.dirname, 'node_modules/@modelcontextprotocol/inspector/clients/cli/build/index.js');
const env = { ...process.env, HOME: scratch() }; // where it keeps what it remembers

// What the Inspector's exit code says.
const fine = 0, toolError = 5;

// inspect runs the Inspector; output and fault are the JSON it prints, if any.
async function inspect(server, ...args) {
  const child = spawn(process.execPath, [cli, '--format', 'json', ...args, ...server], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, output: out && JSON.parse(out).result, said: err };
}

const overStdio = tools => {
  const { command, args } = stdio(tools);
  return ['--', command, ...args];
};

for (const era of ['legacy', 'modern']) {
  for (const transport of ['HTTP', 'stdio']) {
    describe(`Inspector, ${era} over ${transport}`, { concurrency: true }, () => {
      const programs = [];
      const servers = {};
      before(async () => {
        for (const [name, tools] of Object.entries({ fixtures, givenTools })) {
          if (transport === 'stdio') {
            servers[name] = overStdio(tools);
            continue;
          }
          const program = await serve(tools);
          programs.push(program);
          servers[name] = ['--transport', 'http', '--server-url', program.url];
        }
      });
      after(() => Promise.all(programs.map(program => program.stop())));

      const call = (tool, args = {}) => inspect(servers.fixtures,
        '--protocol-era', era, '--method', 'tools/call', '--tool-name', tool, '--tool-args-json', JSON.stringify(args));

      for (const name of ['fixtures', 'givenTools']) {
        test(`lists ${name}, whose schemas all models can take`, async () => {
          const { code, output, said } = await inspect(servers[name], '--protocol-era', era, '--method', 'tools/list', '--strict');
          assert.equal(code, fine, said);
          assert.notEqual(output.tools.length, 0);
        });
      }

      test('calls a tool', async () => {
        const { code, output, said } = await call('add', { a: 1, b: 2 });
        assert.equal(code, fine, said);
        assert.deepEqual(output.structuredContent, { sum: 3, text: '1 plus 2' });
        assert.deepEqual(output.content, [{ type: 'text', text: '{"sum":3,"text":"1 plus 2"}' }]);
      });

      test('shows wrong arguments by their pointers', async () => {
        const { code, output, said } = await call('add', { a: 1, 'c/d': 2 });
        assert.equal(code, toolError, said);
        assert.equal(output.isError, true);
        assert.match(output.content[0].text, /^- \/b: .*\n- \/c~1d: /m);
      });

      test('shows a refusal', async () => {
        const { code, output, said } = await call('refuse');
        assert.equal(code, toolError, said);
        assert.match(output.content[0].text, /^Ask again on Monday/);
      });

      test('knows that a tool is missing', async () => {
        const { code, said } = await call('nobody');
        assert.equal(code, toolError, said);
        assert.equal(JSON.parse(said).error.code, 'tool_not_found');
      });
    });
  }
}
