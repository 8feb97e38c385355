// Every reply, whatever the request was, against the protocol's own schema.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { chance, invent, oddArguments, oddRequests } from './oddities.mjs';
import { fixtures, givenTools } from './program.mjs';
import { protocols, schemaOf, versions } from './protocol.mjs';
import { call, list, overHTTP, overStdio } from './wire.mjs';

const inside = /goroutine|panic|runtime error|\.go:\d|secret-path|\/tmp\//;

// soundReply fails unless a reply is what its version of the protocol allows.
function soundReply(version, reply, method, sent) {
  const about = `${version}: ${shorten(sent)}\n→ ${shorten(JSON.stringify(reply))}`;
  // Until 2025-11-25 the schema forgot that what cannot be read has no id.
  const judged = 'error' in reply && reply.id == null && version < '2025-11-25' ? { ...reply, id: 0 } : reply;
  assert.deepEqual(protocols[version].faults(judged, method), [], about);
  assert.doesNotMatch(JSON.stringify(reply), inside, about);
}

// idOf is the id that a reply has to have, if the request has a proper one.
function idOf(request) {
  try {
    const { id } = JSON.parse(request);
    return Number.isSafeInteger(id) || typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}

const shorten = text => (text.length > 1000 ? `${text.slice(0, 900)}… (${text.length} characters)` : text);

// judge says what a schema finds wrong with arguments: the pointers of the
// simple faults, or undefined where JavaScript does not see what was sent (large
// numbers, half a surrogate pair, a key that is there twice) or it is too deep.
function judge(validate, args) {
  if (/\d{16}|e\d{3}|\\ud800|"a":1,"a":2|\[{1000}/.test(args)) return undefined;
  const value = JSON.parse(args);
  if (validate(value)) return [];
  const escape = key => key.replaceAll('~', '~0').replaceAll('/', '~1');
  return validate.errors.filter(e => /^#\/(type|required|additionalProperties|properties\/[^/]*\/\w+)$/.test(e.schemaPath)).map(e => {
    const below = e.params.missingProperty ?? e.params.additionalProperty;
    return e.instancePath + (below === undefined ? '' : `/${escape(below)}`);
  });
}

// What tools do that take their arguments but have nothing good to say.
const refusing = new Set(['refuse', 'test_error_handling', 'unreachable']);

for (const version of versions) {
  describe(version, () => {
    for (const [name, folder] of Object.entries({ fixtures, givenTools })) {
      describe(name, () => {
        let session, tools;
        before(async () => {
          session = await overHTTP(version, folder);
          const { replies: [reply] } = await session.send(list(version, 1), { method: 'tools/list' });
          soundReply(version, reply, 'tools/list', 'tools/list');
          // Nothing here may leave the machine, and no header repeats an argument.
          tools = reply.result.tools.filter(tool => (tool.name === 'unreachable' || tool.annotations?.openWorldHint === false)
            && !JSON.stringify(tool).includes('x-mcp-header'));
          for (const tool of tools) tool.validate = schemaOf({ ...tool.inputSchema, $id: tool.name }, { allErrors: true });
        });
        after(() => session?.close());

        let id = 1;
        async function ask(tool, args) {
          const request = call(version, ++id, tool.name, args);
          const { status, replies } = await session.send(request, { name: tool.name });
          const about = `${version}: ${shorten(request)}\n→ ${status} ${shorten(JSON.stringify(replies))}`;
          assert.equal(replies.length, 1, about);
          const [reply] = replies;
          soundReply(version, reply, 'tools/call', request);
          const faults = judge(tool.validate, args ?? '{}');
          if ('error' in reply) {
            assert.equal(faults, undefined, about);
            return;
          }
          assert.equal(reply.id, id, about);
          const { result } = reply;
          assert.ok(result.content.length > 0, about);
          if (!result.isError && tool.outputSchema) {
            assert.ok(schemaOf(tool.outputSchema)(result.structuredContent), about);
          }
          if (faults === undefined) return;
          const fits = tool.validate(JSON.parse(args ?? '{}'));
          if (!fits || name === 'fixtures') assert.equal(result.isError ?? false, !fits || refusing.has(tool.name), about);
          if (faults.length > 40) return; // a long list ends before all are named
          for (const pointer of faults) {
            assert.ok(result.content[0].text.includes(`- ${pointer === '' ? 'expected' : `${pointer}:`} `), `${pointer} is not named\n${about}`);
          }
        }

        test('odd arguments', async () => {
          for (const tool of tools) {
            for (const args of oddArguments) await ask(tool, args);
          }
        });

        test('random arguments', async () => {
          const next = chance(1);
          for (let i = 0; i < 400; i++) {
            const tool = tools[Math.floor(next() * tools.length)];
            await ask(tool, JSON.stringify(invent(next, Object.keys(tool.inputSchema.properties ?? { a: 1, b: 2 }))));
          }
        });
      });
    }

    test('odd requests', async t => {
      const session = await overHTTP(version, fixtures);
      t.after(session.close);
      for (const request of oddRequests) {
        const method = /"method":"([^"]*)"/.exec(request)?.[1];
        const { status, replies } = await session.send(request, { method: method ?? 'ping', name: 'add' });
        const about = `${version}: ${shorten(request)}\n→ ${status} ${shorten(JSON.stringify(replies))}`;
        assert.ok(status < 500, about);
        assert.ok(replies.length > 0 || status === 202, about);
        for (const reply of replies) soundReply(version, reply, undefined, request);
        const id = idOf(request);
        if (id !== undefined && replies.length > 0) assert.equal(replies[0].id, id, about);
      }
      const { replies: [{ result }] } = await session.send(call(version, 1, 'add', '{"a":1,"b":2}'), { name: 'add' });
      assert.equal(result.structuredContent.sum, 3);
    });

    test('odd arguments over stdio', async t => {
      const session = await overStdio(version, fixtures);
      t.after(session.close);
      let id = 1;
      for (const name of ['add', 'anything', 'nobody']) {
        for (const args of oddArguments) {
          const request = call(version, ++id, name, args);
          soundReply(version, await session.send(request), 'tools/call', request);
        }
      }
    });
  });
}
