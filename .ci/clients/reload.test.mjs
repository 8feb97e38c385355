// What clients that stay connected hear of edits, and what they do not.
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { clients } from './clients.mjs';
import { scratch } from './program.mjs';

const definition = (tool, description, answer) => `tool: ${tool}
description: ${description}
inputSchema: {type: object, properties: {}, additionalProperties: false}
expr: |
  "${answer}"
`;

for (const { name, connect } of clients) {
  test(`${name} hears of each change of the list once`, async t => {
    const tools = scratch();
    const file = path.join(tools, 'one.yaml');
    const save = (...definitions) => {
      // As editors do it: a new file takes the place of the old one.
      writeFileSync(`${file}~`, definitions.join('---\n'));
      renameSync(`${file}~`, file);
    };
    save(definition('one', 'First.', 'a'));

    const heard = new EventEmitter();
    let count = 0;
    const session = await connect(tools, { flags: ['--poll', '100ms'], changed: () => heard.emit('changed', ++count) });
    t.after(session.close);
    await session.listening();

    const answers = async (tool, want) => assert.equal((await session.call(tool, {})).content[0].text, want);
    const lists = async want => assert.deepEqual(
      (await session.listPage()).tools.map(tool => [tool.name, tool.description]), want);
    const reloads = async (change, line = /reloaded: /) => {
      const reloaded = session.said.next(line);
      change();
      await reloaded;
    };
    const advertises = async (change, want) => {
      const changed = once(heard, 'changed');
      await reloads(change);
      await changed;
      await lists(want);
    };

    await advertises(() => save(definition('one', 'Second.', 'a')), [['one', 'Second.']]);
    await reloads(() => save(definition('one', 'Second.', 'b')), /reloaded: 1 changed \(one\)/);
    await answers('one', 'b');
    await advertises(
      () => save(definition('one', 'Third.', 'c'), definition('two', 'New.', 'd')),
      [['one', 'Third.'], ['two', 'New.']]);
    await answers('two', 'd');
    await reloads(() => save('tool: one\ndescription: Half\n', definition('two', 'New.', 'e')), /reloaded: .*stale: tool one/);
    await answers('one', 'c');
    await answers('two', 'e');
    await reloads(() => save(definition('one', 'Third.', 'c'), definition('two', 'New.', 'e')));
    await advertises(() => save(definition('two', 'New.', 'e')), [['two', 'New.']]);
    await assert.rejects(session.call('one', {}), { code: -32602 });
    await advertises(() => rmSync(file), []);
    await advertises(() => save(definition('one', 'Back.', 'f')), [['one', 'Back.']]);
    // The last reload is one that says nothing, so that an echo of what came
    // before would have had its time.
    await reloads(() => save(definition('one', 'Back.', 'g')), /reloaded: 1 changed \(one\)/);
    await answers('one', 'g');
    assert.equal(count, 5, 'notifications for five changes of the list');
  });
}
