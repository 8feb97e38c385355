// What programs written with the TypeScript clients see.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { inspect } from 'node:util';
import { clients } from './clients.mjs';
import { definitions, examples, fits } from './definitions.mjs';
import { fixtures, givenTools, scratch } from './program.mjs';
import { modern } from './protocol.mjs';

// plain is what a result says, without what the protocol adds to it.
const plain = ({ content, structuredContent, isError = false }) => ({ content, structuredContent, isError });
const text = text => [{ type: 'text', text }];

for (const { name, version, connect } of clients) {
  describe(name, () => {
    let session;
    before(async () => { session = await connect(fixtures); });
    after(() => session?.close());

    test('agrees on the version', () => {
      assert.equal(session.version, version);
      assert.equal(session.server.name, 'toolsd');
    });

    test('lists the tools in the order of their names', async () => {
      const { tools, nextCursor } = await session.listPage();
      const names = tools.map(tool => tool.name);
      assert.equal(nextCursor, undefined);
      assert.ok(names.includes('say.hello-to_You'), `the tools are ${names}`);
      assert.deepEqual(names, names.toSorted());
      const { _meta, ...add } = tools.find(tool => tool.name === 'add');
      assert.deepEqual(add, {
        name: 'add',
        title: 'Add two numbers',
        description: 'Adds two numbers and says how.',
        inputSchema: {
          type: 'object',
          properties: {
            a: { type: 'number', description: 'The first number' },
            b: { type: 'number', description: 'The second number' },
          },
          required: ['a', 'b'],
          additionalProperties: false,
        },
        outputSchema: {
          type: 'object',
          properties: { sum: { type: 'number' }, text: { type: 'string' } },
          required: ['sum', 'text'],
        },
        annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: false },
      });
    });

    for (const [tool, args, want] of [
      ['add', { a: 0.5, b: 2 }, {
        content: text('{"sum":2.5,"text":"0.5 plus 2"}'), structuredContent: { sum: 2.5, text: '0.5 plus 2' }, isError: false,
      }],
      // Lists are structured content from 2026-07-28 on.
      ['squares', {}, {
        content: text('[1,4,9]'), structuredContent: version === modern ? [1, 4, 9] : undefined, isError: false,
      }],
      ['say.hello-to_You', { name: 'Zoë' }, { content: text('Grüße, Zoë 🎉'), structuredContent: undefined, isError: false }],
      ['nothing', {}, { content: text('Done.'), structuredContent: undefined, isError: false }],
      ['anything', { z: null, 'a b': [{}] }, {
        content: text('{"names":["a b","z"]}'), structuredContent: { names: ['a b', 'z'] }, isError: false,
      }],
      ['exact', { id: Number.MIN_SAFE_INTEGER }, {
        content: text('{"id":-9007199254740991}'), structuredContent: { id: Number.MIN_SAFE_INTEGER }, isError: false,
      }],
    ]) {
      test(`calls ${tool}`, async () => {
        assert.deepEqual(plain(await session.call(tool, args)), want);
      });
    }

    test('is told of all arguments that do not fit', async () => {
      const { content: [{ text }], isError } = await session.call('add', { b: 'two', c: 3 });
      assert.ok(isError);
      assert.match(text, /^- \/a: .*number/m);
      assert.match(text, /^- \/b: expected a number, got "two"$/m);
      assert.match(text, /^- \/c: /m);
    });

    test('is told why a tool refuses', async () => {
      const { content: [{ text }], isError } = await session.call('refuse', {});
      assert.ok(isError);
      assert.match(text, /^Ask again on Monday/);
    });

    test('is told of an upstream that does not answer, but not where it is', async () => {
      const { content: [{ text }], isError } = await session.call('unreachable', {});
      assert.ok(isError);
      assert.match(text, /could not be reached/);
      assert.doesNotMatch(text, /127\.0\.0\.1|secret-path|dial|refused/);
    });

    test('is told that there is no such tool', async () => {
      await assert.rejects(session.call('nobody', {}), { code: -32602, message: /unknown tool "nobody"/ });
    });
  });
}

for (const { name, connect } of clients) {
  test(`${name} pages through many tools`, async t => {
    const many = Array.from({ length: 2001 }, (_, i) => `tool_${String(i).padStart(4, '0')}`);
    const tools = scratch();
    writeFileSync(path.join(tools, 'many.yaml'), many.map(tool => `tool: ${tool}
description: One of many.
inputSchema: {type: object, properties: {}, additionalProperties: false}
expr: |
  "${tool}"
`).join('---\n'));
    const session = await connect(tools);
    t.after(session.close);

    const seen = [];
    let cursor;
    do {
      const page = await session.listPage(cursor); // 2.x goes through all pages by itself
      seen.push(...page.tools.map(tool => tool.name));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    assert.deepEqual(seen, many);
    await assert.rejects(session.listPage('bm9uc2Vuc2U'), { code: -32602 });
  });

  test(`${name} calls the tools that are served by default`, async t => {
    const session = await connect(givenTools);
    t.after(session.close);

    const { server } = definitions(givenTools).find(definition => definition.server) ?? {};
    assert.equal(session.server.name, server ?? 'toolsd');
    const { tools } = await session.listPage();
    const names = definitions(givenTools).map(definition => definition.tool).filter(Boolean);
    assert.deepEqual(tools.map(tool => tool.name), names.sort());

    const wanted = examples(givenTools);
    assert.notEqual(wanted.length, 0);
    for (const { tool, name, input, expect } of wanted) {
      const result = plain(await session.call(tool, input));
      // What is served names the call in an error, which a test of its author cannot know.
      const text = result.content[0].text.replace(/ \(call \w+\)$/, '');
      assert.ok(fits({ ...result, text }, expect), `${tool}, ${name}: ${inspect({ input, expect, result }, { depth: null })}`);
    }
  });
}
