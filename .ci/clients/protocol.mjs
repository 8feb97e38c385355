// The protocol's own JSON Schemas, as the conformance suite carries them.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { runInNewContext } from 'node:vm';
import { parseExpressionAt } from 'acorn';
import addFormats from 'ajv-formats';

const require = createRequire(import.meta.url);
const Ajv = require('ajv').default, Ajv2020 = require('ajv/dist/2020').default;

/** Versions of the protocol whose schema is known; the last is the modern era. */
export const versions = ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28'];
export const modern = versions.at(-1);

/** The command line of the conformance suite. */
export const conformance = path.join(path.dirname(require.resolve('@modelcontextprotocol/conformance/package.json')), 'dist', 'index.js');

// The suite is published as one minified file that runs when it is imported,
// with the schemas in it as literals: a table of versions gives their names.
function schemas() {
  const source = readFileSync(conformance, 'utf8');
  const table = /\{"2025-03-26":(\w+),"2025-06-18":(\w+),"2025-11-25":(\w+),\[\w+\]:(\w+)\}/.exec(source);
  if (!table) throw new Error('the conformance suite keeps its schemas in another way than before');
  return table.slice(1).map(name => {
    const start = source.indexOf(`${name}={$schema:`) + name.length + 1;
    const found = parseExpressionAt(source, start, { ecmaVersion: 'latest' });
    const literal = found.type === 'SequenceExpression' ? found.expressions[0] : found;
    return runInNewContext(`(${source.slice(literal.start, literal.end)})`);
  });
}

// A Protocol is one version of the schema.
class Protocol {
  #ajv;
  #definitions;
  #prefix;

  constructor(schema) {
    const place = schema.$defs ? '$defs' : 'definitions';
    this.#definitions = schema[place];
    this.#prefix = `mcp:schema#/${place}/`;
    this.#ajv = new (schema.$defs ? Ajv2020 : Ajv)({ strict: false, allErrors: true });
    addFormats(this.#ajv);
    this.#ajv.addFormat('byte', true);
    this.#ajv.addSchema({ ...schema, $id: 'mcp:schema' });
  }

  // validate checks against the first of the names that this version defines.
  #validate(names, value) {
    const name = names.find(name => name in this.#definitions);
    const valid = this.#ajv.getSchema(this.#prefix + name);
    return valid(value) ? [] : valid.errors.map(e => `${name}${e.instancePath}: ${e.message}`);
  }

  /** faults says what is wrong with a reply to a request for `method`. */
  faults(reply, method) {
    if ('error' in reply) return this.#validate(['JSONRPCErrorResponse', 'JSONRPCError'], reply);
    return [
      ...this.#validate(['JSONRPCResultResponse', 'JSONRPCResponse'], reply),
      ...(results[method] ? this.#validate([results[method]], reply.result) : []),
    ];
  }
}

const results = {
  initialize: 'InitializeResult',
  'server/discover': 'DiscoverResult',
  'tools/list': 'ListToolsResult',
  'tools/call': 'CallToolResult',
};

/** The schema of each version. */
export const protocols = Object.fromEntries(schemas().map((schema, i) => [versions[i], new Protocol(schema)]));

/** schemaOf compiles a JSON Schema 2020-12, such as a tool's. */
export function schemaOf(schema, options) {
  const ajv = new Ajv2020({ strict: false, ...options });
  addFormats(ajv);
  return ajv.compile(schema);
}
