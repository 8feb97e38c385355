// What the authors of tools wrote about them.
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';

/** definitions reads all documents under a tools directory. */
export const definitions = tools => globSync(path.join(tools, '**/*.{yaml,yml}')).sort()
  .flatMap(file => parseAllDocuments(readFileSync(file, 'utf8')).map(document => document.toJS()));

/**
 * examples are the tests of tools that need nothing but the program, without
 * what they expect in words of the language.
 */
export const examples = tools => definitions(tools).filter(({ tool, expr }) => tool && expr)
  .flatMap(({ tool, tests = [] }) => tests.map(({ name, input, expect: { when, ...expect } }) => (
    { tool, name, input, expect: { isError: false, ...expect } })));

/** fits reports whether a value has what is expected: objects the named keys, lists all elements. */
export function fits(value, expected) {
  if (Array.isArray(expected)) {
    return Array.isArray(value) && value.length === expected.length && expected.every((e, i) => fits(value[i], e));
  }
  if (expected !== null && typeof expected === 'object') {
    return value !== null && typeof value === 'object' && Object.entries(expected).every(([key, e]) => fits(value[key], e));
  }
  return value === expected;
}
