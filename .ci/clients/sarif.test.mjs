// What `check --format sarif` prints, against the published schema of SARIF 2.1.0.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import { binary, scratch } from './program.mjs';

// The schema is of draft 4, which the Ajv that comes with it knows.
const own = createRequire(import.meta.url);
const beside = createRequire(own.resolve('@microsoft/jest-sarif'));
const Ajv = beside('ajv');
const ajv = new Ajv({ schemaId: 'id', meta: false, unknownFormats: 'ignore', allErrors: true });
ajv.addMetaSchema(beside('ajv/lib/refs/json-schema-draft-04.json'));
const validate = ajv.compile(own('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'));

const right = 'tool: one\ndescription: Count to one and no further.\ninputSchema: {type: object, additionalProperties: false}\nexpr: "1"\n';
const files = {
  right: { 'a.yaml': right },
  // An error, a fix, warnings of lint, related places, and a name that is hard on an address.
  wrong: {
    'a b%é.yaml': 'tool: count\ndescription: Count\nannotations: {readOnlyHint: yes}\ninputSchema: {type: object, properties: {n: {type: integer}}}\nexpr: input.m\n',
    'b.yaml': right, 'c.yaml': right, 'd.yaml': 'upstream: u\nbaseUrl: https://example.com\nauth: {bearer: swordfish}\n',
    'e.yaml': '%YAML 1.2\n--- {\n', 'f.yaml': 'steps: "\u{1F600}": x\n',
  },
};

test('an output that is none is refused', () => {
  assert.equal(validate({ version: '2.1.0', runs: [{ results: 1 }] }), false);
});

for (const [name, texts] of Object.entries(files)) {
  for (const flags of [[], ['--strict']]) {
    test(`what is ${name}, ${flags.join() || 'without flags'}`, () => {
      const folder = path.join(scratch(), 'tools.d');
      mkdirSync(folder);
      for (const [file, text] of Object.entries(texts)) writeFileSync(path.join(folder, file), text);
      const { stdout, stderr } = spawnSync(binary, ['check', '--format', 'sarif', '--tools', folder, ...flags], { encoding: 'utf8' });
      const log = JSON.parse(stdout);
      assert.ok(validate(log), JSON.stringify(validate.errors, null, 1) + stderr);
      const { results } = log.runs[0];
      assert.equal(results.length > 0, name === 'wrong');
      if (name === 'wrong') {
        assert.ok(results.some(result => result.fixes) && results.some(result => result.relatedLocations), stdout);
        assert.equal(results.some(result => result.level === 'warning'), flags.length === 0);
        assert.ok(!stdout.includes('swordfish'));
      }
    });
  }
}
