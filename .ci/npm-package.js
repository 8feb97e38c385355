// Fetches one published package through npm, without its dependencies and
// without running its scripts, and keeps it in a cache.
const { execFileSync } = require('node:child_process');
const crypto = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const cache = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'toolsd-ci');

// cached returns the folder `name` of the cache. Where it is missing, `fill`
// makes it in a folder of its own, which takes the name when it is complete:
// neither a fault nor a second run at the same time leaves half a folder.
exports.cached = (name, fill) => {
  const done = path.join(cache, name);
  if (fs.existsSync(done)) return done;
  fs.mkdirSync(cache, { recursive: true });
  const work = fs.mkdtempSync(path.join(cache, 'work-'));
  try {
    fill(work);
    fs.chmodSync(work, 0o755);
    try {
      fs.renameSync(work, done);
    } catch (fault) {
      if (!fs.existsSync(done)) throw fault;
    }
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
  return done;
};

// unpack lays the files of `spec` (name@version) out in `folder`, provided that
// the archive has the given SHA-256.
exports.unpack = (spec, sha256, folder) => {
  console.error(`fetching ${spec}`);
  fs.mkdirSync(folder, { recursive: true });
  const [{ filename }] = JSON.parse(execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--loglevel=error', spec], {
    cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], shell: process.platform === 'win32',
  }));
  const archive = path.join(folder, filename);
  const found = crypto.createHash('sha256').update(fs.readFileSync(archive)).digest('hex');
  if (found !== sha256) throw new Error(`${spec} has the SHA-256 ${found}, want ${sha256}`);
  execFileSync('tar', ['-xzf', filename, '--strip-components=1'], { cwd: folder });
  fs.rmSync(archive);
};

// onPath returns the first executable `name` on the PATH, or undefined.
exports.onPath = name => (process.env.PATH || '').split(path.delimiter)
  .map(dir => path.join(dir, name))
  .find(file => { try { fs.accessSync(file, fs.constants.X_OK); return fs.statSync(file).isFile(); } catch { return false; } });
