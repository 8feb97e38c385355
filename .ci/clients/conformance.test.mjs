// The official conformance suite, with tools that are YAML.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { fixtures, serve } from './program.mjs';
import { conformance } from './protocol.mjs';

// Whatever conformance.yaml does not list must not fail, and what it lists must.
test('the conformance suite finds only the gaps that are known', async t => {
  const program = await serve(fixtures);
  t.after(program.stop);
  const { code, said } = await run('server', '--url', program.url, '--suite', 'all',
    '--expected-failures', path.join(import.meta.dirname, 'conformance.yaml'));
  assert.equal(code, 0, said);
});

function run(...args) {
  return new Promise(resolve => {
    execFile(process.execPath, [conformance, ...args], { maxBuffer: 1 << 26 }, (fault, out, err) => {
      resolve({ code: fault ? fault.code : 0, said: verdict(out) + err });
    });
  });
}

// verdict is what the suite says at its end, without what was expected.
function verdict(out) {
  const end = out.slice(out.lastIndexOf('\nTotal:')).split('\n');
  return end.filter(line => !line.startsWith('  ~')).join('\n');
}
