// What an author sees in an editor while writing a tool.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Editor } from './server.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'toolsd-editor-'));
const tool = 'tool: greet\ndescription: Greet somebody.\ninputSchema:\n  type: object\n  properties:\n    name: {type: string}\n';
let editor, files = 0;

before(async () => {
  writeFileSync(path.join(folder, 'toolsd.schema.json'), execFileSync(process.env.EDITOR_BINARY, ['schema']));
  editor = await new Editor(folder, { schemas: { './toolsd.schema.json': ['/tools.d/**/*.yaml'] } }).start();
});

after(async () => {
  await editor.stop();
  rmSync(folder, { recursive: true });
});

const open = text => editor.open(`tools.d/${files++}.yaml`, text);
const labels = async text => (await (await open(text)).complete()).map(item => item.label);
const faults = async text => (await open(text)).faults.map(fault => `${fault.line}: ${fault.message}`);

test('an empty document is offered the keys that begin one', async () => {
  assert.deepEqual((await labels('¦')).sort(), ['server', 'tool', 'upstream']);
});

test('keys are completed, with what they mean, those left out that are not served or there already', async () => {
  const document = await open(`${tool}¦`);
  const items = await document.complete();
  const names = items.map(item => item.label);
  for (const name of ['http', 'expr', 'steps', 'outputSchema', 'tests']) assert.ok(names.includes(name), `${name} in ${names}`);
  for (const name of ['confirm', 'content', 'tool', 'upstream', 'server']) assert.ok(!names.includes(name), `${name} in ${names}`);
  const { documentation } = items.find(item => item.label === 'outputSchema');
  assert.match(documentation.value ?? documentation, /A JSON Schema \(2020-12\) that each result follows\./);
});

test('keys and words are completed below', async () => {
  const names = await labels(`${tool}http:\n  ¦`);
  for (const name of ['path', 'url', 'headers', 'auth', 'paginate', 'multipart', 'cache']) assert.ok(names.includes(name), `${name} in ${names}`);
  assert.ok(!names.includes('circuitBreaker'), `${names}`);
  assert.deepEqual((await labels(`${tool}http:\n  url: https://example.com\n  method: ¦`)).sort(),
    ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']);
  assert.ok((await labels(`${tool}http:\n  url: https://example.com\n  auth:\n    ¦`)).includes('bearer'));
});

test('the kinds of a step, and what stands beside them, are completed and explained', async () => {
  const kinds = ['expr', 'http', 'log', 'notify', 'progress', 'sleep', 'tool'];
  const offered = await labels(`${tool}steps:\n  - ¦`);
  for (const name of [...kinds, 'id', 'when', 'forEach', 'optional']) assert.ok(offered.includes(name), `${name} in ${offered}`);
  assert.ok(!offered.includes('ask'), `${offered}`);
  const beside = await labels(`${tool}steps:\n  - id: first\n    expr: "1"\n  - id: second\n    http:\n      url: https://example.com\n    ¦`);
  assert.ok(beside.includes('errors') && beside.includes('forEach') && !beside.includes('id'), `${beside}`);
  const call = await labels(`${tool}steps:\n  - id: first\n    http:\n      ¦`);
  assert.ok(call.includes('path') && call.includes('paginate'), `${call}`);
  assert.deepEqual(await labels(`${tool}steps:\n  - notify: ¦`), ['tools']);
  assert.ok((await labels(`${tool}steps:\n  - log:\n      level: ¦`)).includes('warning'));
  for (const [text, what] of [
    ['steps:\n  - i¦d: first\n    expr: "1"\n', /The name by which what follows uses it: steps\.ID/],
    ['steps:\n  - forE¦ach: input.names\n    expr: each\n', /at most 100 elements/],
    ['ste¦ps:\n  - expr: "1"\n', /Several calls and calculations/],
    ['steps:\n  - http:\n      url: https://example.com\n      pagi¦nate: {next: link}\n', /pages/],
  ]) assert.match(await (await open(tool + text)).hover(), what);
});

test('what an upstream says of tokens and resilience, and pages, are completed and explained', async () => {
  const upstream = 'upstream: a\nbaseUrl: https://example.com\n';
  const has = async (text, ...names) => {
    const found = await labels(text);
    for (const name of names) assert.ok(found.includes(name), `${name} in ${found}`);
  };
  await has(`${upstream}¦`, 'rateLimit', 'concurrency', 'circuitBreaker', 'cache', 'mtls');
  await has(`${upstream}auth:\n  ¦`, 'oauth2', 'onBehalfOf', 'managedIdentity', 'awsSigV4');
  await has(`${upstream}auth:\n  oauth2:\n    ¦`, 'tokenUrl', 'clientId', 'clientSecret', 'scopes', 'clientAuth');
  await has(`${upstream}auth:\n  oauth2:\n    clientAuth: ¦`, 'basic', 'body');
  await has(`${upstream}circuitBreaker:\n  ¦`, 'failures');
  await has(`${upstream}cache:\n  ¦`, 'ttl', 'staleIfError');
  await has(`${tool}http:\n  url: https://example.com\n  paginate:\n    ¦`, 'next', 'items', 'maxPages', 'maxItems');
  for (const [text, what] of [
    ['auth:\n  oauth2:\n    client¦Secret: ${env.A}\n', /The secret that goes with it/],
    ['auth:\n  oau¦th2:\n    clientId: a\n', /oauth2|OAuth|token/i],
    ['cache:\n  t¦tl: 5m\n', /used again/],
    ['circuit¦Breaker:\n  failures: 5\n', /fail/],
  ]) assert.match(await (await open(upstream + text)).hover(), what);
});

test('JSON Schemas are completed too', async () => {
  const names = await labels(`${tool}  ¦`);
  assert.ok(names.includes('required') && names.includes('additionalProperties'), `${names}`);
  assert.ok((await labels('tool: t\ninputSchema:\n  properties:\n    a:\n      type: ¦')).includes('integer'));
});

test('hover says what a key means, its default and an example', async () => {
  const text = await (await open(`${tool}tim¦eout: 5s\nexpr: "1"\n`)).hover();
  assert.match(text, /How long a call may take\./);
  assert.match(text, /30s/);
  assert.match(await (await open('upstream: a\nba¦seUrl: https://example.com\n')).hover(), /What all paths begin with/);
  assert.match(await (await open(`${tool}http:\n  url: https://example.com\n  he¦aders: {A: b}\n`)).hover(), /Headers of the request/);
});

test('what is right has no fault', async () => {
  for (const text of [
    `${tool}expr: '"Hello, " + input.name'\n`,
    `${tool}http:\n  url: https://example.com/\${input.name}\n  query: {a: 1, b: [x, true], c: null}\nresult: \${response.body}\n`,
    'upstream: a\nbaseUrl: https://example.com\nauth: none\nresponse: {expect: [2xx, 404]}\n---\nserver: s\nexpose: [A]\n',
  ]) assert.deepEqual(await faults(text), []);
});

test('each fault is at its line, and says what to do', async () => {
  for (const [text, ...want] of [
    [`${tool}expr: '1'\ndescripton: x\n`, /^8: Property descripton is not allowed/],
    [`${tool}`, /^1: tool needs one of expr, http, steps$/],
    ['tool: greet\nexpr: "1"\ninputSchema: {type: object}\n', /^1: Missing property "description"/],
    [`${tool}expr: '1'\nhttp:\n  url: https://example.com\n`, /^9: expr and http exclude each other: keep one of them$/],
    [`${tool}steps: []\n`, /^7: Array has too few items/],
    [`${tool}steps:\n  - ask: {message: Sure?}\n`, /^8: a step needs one of/, /^8: ask is not served yet: take what you would ask for as an input/],
    [`${tool}steps:\n  - id: first\n    expr: "1"\n  - id: second\n    when: "true"\n`, /^10: a step needs one of/],
    [`${tool}steps:\n  - expr: "1"\n    http:\n      url: https://example.com\n`, /^8: http and expr exclude each other: keep one of them$/],
    [`${tool}steps:\n  - expr: "1"\n    forech: input\n`, /^9: Property forech is not allowed/],
    [`${tool}steps:\n  - expr: \${input.name}\n`, /^8: this is an expression already/],
    [`${tool}steps:\n  - sleep: 5\n`, /^8: Incorrect type\. Expected "string"/],
    [`${tool}steps:\n  - http:\n      url: https://example.com\n      paginate: {items: response.body}\n`, /^10: Missing property "next"/],
    ['upstream: a\nbaseUrl: https://example.com\nauth:\n  oauth2: {tokenUrl: https://example.com, clientId: a}\n', /^4: Missing property "clientSecret"/],
    ['upstream: a\nbaseUrl: https://example.com\ncache: {ttl: 5}\n', /^3: Incorrect type\. Expected "string"/],
    [`${tool}expr: '1'\ntimeout: 30\n`, /^8: Incorrect type\. Expected "string"/],
    [`${tool}expr: '1'\ntimeout: 30 s\n`, /^8: write a number and ms, s, m or h/],
    [`${tool}http:\n  url: https://example.com\n  method: get\n`, /^9: Value is not accepted/],
    [`${tool}http:\n  path: /a\n`, /^8: Object is missing property upstream required by property path/],
    [`${tool}expr: \${input.name}\n`, /^7: this is an expression already/],
    ['tool: a b\n---\nname: x\n', /^1: names have letters/, /^1: Missing property "description"/, /^1: Missing property "inputSchema"/, /^1: tool needs/, /^3: the document does not say what it defines/],
    ['tool: t\ndescription: d\nexpr: "1"\ninputSchema: {type: object, properties: {a: {type: strng}}}\n', /^4: Value is not accepted/],
  ]) {
    const found = await faults(text);
    assert.ok(found.length === want.length && want.every(pattern => found.some(line => pattern.test(line))), `${text}has ${JSON.stringify(found, null, 1)}`);
  }
});

test('a comment names the schema for the document below it', async () => {
  const { faults } = await editor.open('elsewhere.yaml', '# yaml-language-server: $schema=toolsd.schema.json\nname: x\n');
  assert.match(faults[0].message, /the document does not say what it defines/);
  assert.deepEqual((await editor.open('other.yaml', 'name: x\n')).faults, []);
});

test('a new app brings settings by which its tools are checked', async () => {
  const app = path.join(folder, 'app');
  execFileSync(process.env.EDITOR_BINARY, ['init', app]);
  const settings = JSON.parse(readFileSync(path.join(app, '.vscode', 'settings.json'), 'utf8'));
  const other = await new Editor(app, { schemas: settings['yaml.schemas'] }).start();
  const text = readFileSync(path.join(app, 'tools.d', 'countries.yaml'), 'utf8');
  assert.deepEqual((await other.open('tools.d/countries.yaml', text)).faults, []);
  assert.match((await other.open('tools.d/new.yaml', text.replace('baseUrl', 'baseURL'))).faults.map(fault => fault.message).join(), /Property baseURL is not allowed/);
  await other.stop();
});

test('the tools that are served have no fault', async () => {
  const names = readdirSync(process.env.EDITOR_TOOLS).filter(name => name.endsWith('.yaml'));
  assert.notEqual(names.length, 0);
  for (const name of names) {
    assert.deepEqual(await faults(readFileSync(path.join(process.env.EDITOR_TOOLS, name), 'utf8')), [], name);
  }
});
