// Texts that are sent as the arguments of a call, or in place of a request.

const nested = (depth, open, close, inner = '') => open.repeat(depth) + inner + close.repeat(depth);

/** What can stand for arguments: any JSON, and undefined for none at all. */
export const oddArguments = [
  undefined, 'null', 'true', '0', '-0', '1e400', '""', '"{}"', '[]', '[1]', '[[]]', '[{"a":1,"b":2}]',
  '{}', '{"":0}', '{"a":null}', '{"a":1}', '{"a":1,"b":2}', '{"a":"1","b":"2"}', '{"a":1,"b":2,"c":3}', '{"a":{},"b":[]}',
  '{"a":1e400,"b":1}', '{"a":1e308,"b":1e308}', '{"a":-0,"b":0.1}', '{"a":123456789012345678901234567890,"b":0.1234567890123456789}',
  '{"a":1,"a":2,"b":3}', '{"A":1,"B":2}', '{"__proto__":{"a":1},"constructor":1}', '{"$ref":"#","a":1,"b":2}',
  '{"last":1}', '{"last":0}', '{"last":101}', '{"last":1.0}', '{"last":1e2}', '{"last":2.5}', '{"last":"3"}', '{"last":null}', '{"last":[3]}',
  '{"name":""}', '{"name":"x"}', '{"name":"\\u0000"}', '{"name":"\\ud800"}', '{"name":"😀"}', '{"name":"${env.HOME}"}', '{"name":"\\u2028</script>"}',
  `{"name":"${'x'.repeat(41)}"}`, `{"name":"${'x'.repeat(1 << 18)}"}`, `{"${'k'.repeat(1 << 16)}":1}`,
  '{"id":9223372036854775807}', '{"id":-9223372036854775808}', '{"id":9223372036854775808}', '{"id":1e3}', '{"id":1.5}', '{"id":"1"}',
  '{"phone":"1"}', '{"email":"a@b"}', '{"contactMethod":"phone","email":"a@b"}', '{"contactMethod":"fax","phone":"1"}',
  '{"email":"e","address":{"street":1,"city":[]}}', '{"email":"e","address":null}', '{"region":"é","level":7}', '{"region":7}',
  `{"x":${nested(900, '[', ']')}}`, `{"x":${nested(900, '{"a":', '}', '1')}}`, `{"x":${nested(5000, '[', ']')}}`,
  `[${Array(5000).fill('{}').join()}]`, `{${Array.from({ length: 3000 }, (_, i) => `"k${i}":${i}`).join()}}`,
];

const ping = (id, more = '') => `{"jsonrpc":"2.0","id":${id},"method":"ping"${more}}`;

/** Texts that are hardly a request, or none. */
export const oddRequests = [
  '', ' ', 'null', '0', '"x"', '[]', '{}', '{', '}', '{"jsonrpc":"2.0"', '\u0000', '{"a":1}{"b":2}', '[[]]', '[null]', '[{}]',
  '{"jsonrpc":"2.0"}', '{"jsonrpc":"1.0","id":1,"method":"ping"}', '{"id":1,"method":"ping"}', '{"jsonrpc":"2.0","id":1}',
  '{"jsonrpc":"2.0","id":1,"method":1}', '{"jsonrpc":"2.0","id":1,"method":""}', '{"jsonrpc":"2.0","id":1,"method":null}',
  ping('null'), ping('true'), ping('1.5'), ping('[]'), ping('{}'), ping('9007199254740993'), ping('""'), ping(`"${'i'.repeat(10_000)}"`),
  ping(1, ',"params":null'), ping(1, ',"params":[]'), ping(1, ',"params":1'), ping(1, ',"params":{"_meta":1}'), ping(1, ',"extra":1'),
  ping(1, ',"id":2'), ping(1, ',"result":{}'), ping(1, ',"error":{"code":1,"message":"x"}'),
  '{"jsonrpc":"2.0","id":1,"result":{}}', '{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}}', '{"jsonrpc":"2.0","method":"notifications/nothing"}',
  ...['tools/call', 'tools/list', 'server/discover', 'resources/read', 'prompts/get', 'completion/complete', 'subscriptions/listen', 'rpc.discover', 'x'].flatMap(method => [
    '', ',"params":{}', ',"params":[]', ',"params":"x"', ',"params":{"name":1}', ',"params":{"name":"add","arguments":1}', ',"params":{"cursor":1}',
    ',"params":{"cursor":"x"}', ',"params":{"uri":1}', ',"params":{"_meta":{"io.modelcontextprotocol/protocolVersion":1}}',
  ].map(params => `{"jsonrpc":"2.0","id":1,"method":"${method}"${params}}`)),
];

/** chance makes a generator of numbers from 0 to 1 that are the same in every run. */
export function chance(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** invent makes an object that has the named keys more often than others. */
export function invent(next, keys) {
  const among = list => list[Math.floor(next() * list.length)];
  const value = depth => {
    const kind = Math.floor(next() * (depth < 3 ? 8 : 6));
    switch (kind) {
      case 0: return null;
      case 1: return next() < 0.5;
      case 2: return Math.floor(next() * 200) - 50;
      case 3: return (next() - 0.5) * 10 ** Math.floor(next() * 12);
      case 4: return among(['', 'a', 'é', 'phone', '2026-11-22', '10:00', 'km', 'Europe/Berlin', '\n', '🎉'.repeat(30)]);
      case 5: return Math.floor(next() * 10);
      case 6: return Array.from({ length: Math.floor(next() * 4) }, () => value(depth + 1));
      default: return object(depth + 1);
    }
  };
  const object = depth => {
    const members = keys.filter(() => next() < 0.7).map(key => [key, value(depth)]);
    if (next() < 0.2) members.push([among(['x', '', 'a/b', 'a~b', 'é']), value(depth)]);
    return Object.fromEntries(members);
  };
  return object(0);
}
