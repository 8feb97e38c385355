// What toolsd says that tools cost, against a tokenizer.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { clients } from './clients.mjs';
import { binary, fixtures, givenTools } from './program.mjs';

const [{ connect }] = clients;

for (const [name, tools] of [['the tools that are served by default', givenTools], ['the tools of these tests', fixtures]]) {
  test(`the cost of ${name} is estimated within 15 %`, async t => {
    const session = await connect(tools);
    t.after(session.close);
    const real = new Map();
    for (const tool of (await session.listPage()).tools) real.set(tool.name, encode(JSON.stringify(tool)).length);

    const estimated = JSON.parse(execFileSync(binary, ['list', '--cost', '--json', '--tools', tools], { encoding: 'utf8' }));
    assert.deepEqual(estimated.tools.map(tool => tool.name).sort(), [...real.keys()].sort());
    const total = [...real.values()].reduce((sum, tokens) => sum + tokens);
    const error = (estimated.total / total - 1) * 100;
    t.diagnostic(`${estimated.total} estimated, ${total} counted: ${error.toFixed(1)} %`);
    assert.ok(Math.abs(error) <= 15, `the estimate is off by ${error.toFixed(1)} %`);
  });
}
